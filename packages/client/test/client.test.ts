import { FakeClock } from "@fireworks/time/fake";
import { beforeEach, describe, expect, it } from "vitest";
import { Client } from "../src/client.ts";
import { HELLO_TIMEOUT_MS } from "../src/connection.ts";
import { BACK_OFF } from "../src/retry.ts";
import { FakeNetwork } from "./fakes.ts";
import { batch, devices, hello } from "./frames.ts";

let clock: FakeClock;
let network: FakeNetwork;
let client: Client;
let states: string[];
let seen: string[];

beforeEach(() => {
	clock = new FakeClock();
	network = new FakeNetwork();
	client = new Client({
		url: "ws://host/ws",
		subscription: { deviceIds: null, windowMs: 60_000 },
		openSocket: network.open,
		clock,
		random: () => 0.5,
	});
	states = [];
	seen = [];
	client.on("state", ({ kind }) => states.push(kind));
	client.on("events", ({ type, columns }) =>
		columns.seq.forEach((seq, i) => {
			const device = client.devices[columns.device[i] as number];
			seen.push(`${type} ${device?.deviceId} ${seq}`);
		}),
	);
	client.start();
});

const greet = (pingMs?: number) => {
	network.last.frame(hello(clock.wallMs(), pingMs));
	network.last.frame(devices("a", "b"));
};

describe("connecting", () => {
	it("opens with the protocol and the subscription, and is open once hello arrives", () => {
		expect(network.last.protocol).toBe("fireworks.v1");
		expect(network.last.url).toBe("ws://host/ws?windowMs=60000");
		expect(client.state).toEqual({ kind: "connecting", attempt: 0 });
		greet();
		expect(states).toEqual(["connecting", "open"]);
		expect(network.last.sent).toEqual([]);
	});

	it("gives up on a server that sends no hello", () => {
		clock.advance(HELLO_TIMEOUT_MS);
		expect(client.state).toMatchObject({
			kind: "reconnecting",
			why: "no answer",
		});
		expect(network.last.closedByClient).toBe(true);
	});

	it("reports a URL that cannot be opened, and keeps trying", () => {
		let tries = 0;
		const refused = new Client({
			url: "ws://host/ws",
			clock,
			random: () => 0,
			openSocket: () => {
				tries++;
				throw new Error("forbidden by policy");
			},
		});
		refused.start();
		clock.advance(1);
		expect(refused.state).toMatchObject({ why: "forbidden by policy" });
		clock.advance(60_000);
		expect(tries).toBeGreaterThan(5);
	});
});

describe("events", () => {
	it("have the client's own device numbers, also from a pod that numbers them differently", () => {
		greet();
		network.last.frame(batch("v1.1", clock.wallMs(), [0, 1], [1, 1]));
		network.last.serverCloses(1006);
		clock.advance(BACK_OFF.firstMs);
		network.last.frame(hello(clock.wallMs()));
		network.last.frame(devices("c", "b", "a"));
		network.last.frame(batch("v1.2", clock.wallMs(), [2, 1, 0], [2, 2, 2]));
		expect(seen).toEqual([
			"batch a 1",
			"batch b 1",
			"batch a 2",
			"batch b 2",
			"batch c 2",
		]);
		expect(client.devices.map((d) => d.deviceId)).toEqual(["a", "b", "c"]);
	});

	it("reach the other listeners when one throws, and the connection stays", () => {
		const errors: unknown[] = [];
		const keep = (error: unknown) => errors.push(error);
		const others = process.listeners("uncaughtException");
		process.removeAllListeners("uncaughtException");
		process.once("uncaughtException", keep);
		client.on("hello", () => {
			throw new Error("a page's bug");
		});
		greet();
		expect(client.state.kind).toBe("open");
		return new Promise<void>((resolve) =>
			setTimeout(() => {
				for (const other of others) process.on("uncaughtException", other);
				expect(errors).toMatchObject([{ message: "a page's bug" }]);
				resolve();
			}),
		);
	});
});

describe("after a loss", () => {
	it("resumes after the last position, which a gap moves too", () => {
		greet();
		network.last.frame(batch("v1.5", clock.wallMs(), [0], [5]));
		network.last.frame({ type: "gap", from: "v1.5", to: "v1.9", count: 4 });
		network.last.serverCloses(1006);
		clock.advance(BACK_OFF.firstMs);
		expect(network.last.url).toBe("ws://host/ws?after=v1.9&windowMs=60000");
	});

	it("waits longer with each attempt, up to a bound, and starts again after a stable connection", () => {
		const waits: number[] = [];
		const lose = () => {
			network.last.serverCloses(1006);
			if (client.state.kind !== "reconnecting") throw new Error("not lost");
			waits.push(client.state.nextTryMs - clock.wallMs());
			clock.advance(waits.at(-1) as number);
		};
		for (let i = 0; i < 8; i++) lose();
		expect(waits).toEqual([188, 375, 750, 1500, 3000, 3750, 3750, 3750]);
		greet();
		clock.advance(5_000);
		lose();
		expect(waits.at(-1)).toBe(188);
	});

	it("keeps waiting longer if the server accepts it and drops it at once", () => {
		for (let i = 0; i < 5; i++) {
			greet();
			network.last.serverCloses(1006);
			clock.advance(BACK_OFF.maxMs);
		}
		expect(client.state).toMatchObject({ attempt: 5 });
	});

	it("waits as long as a restarting server asks", () => {
		greet();
		network.last.serverCloses(1012, "restart retry-after-ms=1234");
		expect(client.state).toMatchObject({
			nextTryMs: clock.wallMs() + 1_234,
			why: "the server restarts",
		});
	});

	it("tries at once on retryNow()", () => {
		network.last.serverCloses(1006);
		client.retryNow();
		expect(network.sockets).toHaveLength(2);
		clock.advance(1_000);
		expect(network.sockets).toHaveLength(2);
	});

	it("ignores the old socket", () => {
		greet();
		const old = network.last;
		old.serverCloses(1006);
		clock.advance(BACK_OFF.firstMs);
		old.frame(batch("v1.7", clock.wallMs(), [0], [7]));
		old.serverCloses(1006);
		expect(seen).toEqual([]);
		expect(client.state.kind).toBe("connecting");
	});

	it("reports the server's own reason", () => {
		greet();
		network.last.frame({
			type: "error",
			code: "too-many-clients",
			message: "10000 clients",
		});
		network.last.serverCloses(1013, "try again later");
		expect(client.state).toMatchObject({
			why: "too-many-clients: 10000 clients",
		});
	});
});

describe("a live connection", () => {
	it("answers pings", () => {
		greet();
		network.last.frame({ type: "ping", serverTime: 17 });
		expect(network.last.sent.at(-1)).toEqual({ type: "pong", serverTime: 17 });
	});

	it("counts as lost after 2.5 ping intervals without a frame, and not before", () => {
		greet(1_000);
		clock.advance(2_000);
		network.last.frame({ type: "ping", serverTime: clock.wallMs() });
		clock.advance(2_499);
		expect(client.state.kind).toBe("open");
		clock.advance(1);
		expect(client.state).toMatchObject({
			kind: "reconnecting",
			why: "the server went silent",
		});
	});

	it("sends a new subscription at once, and keeps it for the next connection", () => {
		greet();
		client.subscribe({ deviceIds: ["a"], windowMs: 1_000 });
		const subscribe = {
			type: "subscribe",
			deviceIds: ["a"],
			windowMs: 1_000,
		};
		expect(network.last.sent.at(-1)).toEqual(subscribe);
		network.last.serverCloses(1006);
		clock.advance(BACK_OFF.firstMs);
		greet();
		expect(network.last.url).toBe("ws://host/ws?windowMs=1000&deviceId=a");
		expect(network.last.sent).toEqual([]);
	});

	it("sends a subscription that is too long for a URL, or has no devices, after hello", () => {
		for (const deviceIds of [
			Array.from({ length: 500 }, (_, k) => `device-${k}`),
			[],
		]) {
			client.subscribe({ deviceIds, windowMs: 1_000 });
			network.last.serverCloses(1006);
			clock.advance(BACK_OFF.maxMs);
			expect(network.last.url).toBe("ws://host/ws");
			greet();
			expect(network.last.sent).toEqual([
				{ type: "subscribe", deviceIds, windowMs: 1_000 },
			]);
		}
	});
});

describe("a bad frame", () => {
	const BAD: [string, unknown][] = [
		["no text", new ArrayBuffer(8)],
		["no JSON", "{"],
		["no object", "17"],
		["no type", "{}"],
		["an unannounced device", JSON.stringify(batch("v1.1", 0, [5], [1]))],
		["columns of two lengths", JSON.stringify(batch("v1.1", 0, [0, 1], [1]))],
		["a prototype's name as position", '{"type":"batch","position":{}}'],
	];
	it.each(BAD)("%s: reconnects, beginning with a snapshot", (_, data) => {
		greet();
		network.last.frame(batch("v1.0", clock.wallMs(), [0], [1]));
		network.last.raw(data);
		expect(client.state.kind).toBe("reconnecting");
		clock.advance(BACK_OFF.firstMs);
		expect(network.last.url).toBe("ws://host/ws?windowMs=60000");
		expect(seen).toEqual(["batch a 1"]);
	});

	it("does not include a frame of an unknown type, which a newer server may send", () => {
		greet();
		network.last.raw('{"type":"weather"}');
		network.last.raw('{"type":"constructor"}');
		expect(client.state.kind).toBe("open");
	});
});

it("close() leaves no socket and no timer, whatever the state", () => {
	client.close();
	expect(clock.timers).toBe(0);
	const other = new Client({ url: "ws://x", openSocket: network.open, clock });
	other.start();
	network.last.serverCloses(1006);
	other.close();
	expect(clock.timers).toBe(0);
	expect(other.state.kind).toBe("closed");
});
