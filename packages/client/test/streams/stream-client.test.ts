import { FakeClock } from "@fireworks/time/fake";
import { beforeEach, expect, it } from "vitest";
import { BACK_OFF } from "../../src/retry.ts";
import {
	connectStream,
	type StreamClient,
} from "../../src/streams/stream-client.ts";
import { FakeNetwork } from "../fakes.ts";
import { keys, streamBatch, streamHello, streamSnapshot } from "./frames.ts";

let clock: FakeClock;
let network: FakeNetwork;
let client: StreamClient<"temperature" | "wind.speed">;
let seen: unknown[];

beforeEach(() => {
	clock = new FakeClock();
	network = new FakeNetwork();
	seen = [];
	client = connectStream<"temperature" | "wind.speed">(
		{
			url: "ws://host/ws",
			stream: "readings",
			keys: ["a", "b"],
			windowMs: 60_000,
			openSocket: network.open,
			clock,
			random: () => 0.5,
		},
		{
			hello: ({ stream }) => seen.push(`hello ${stream.name}`),
			events: ({ type, columns }) => {
				for (const [i, key] of columns.key.entries())
					seen.push([
						type,
						client.keys[key]?.key,
						columns.timestamp[i],
						columns.measures.temperature[i],
					]);
			},
			gap: ({ count }) => seen.push(`gap ${count}`),
			problems: ({ ahead }) => seen.push(`ahead ${ahead.count}`),
		},
	);
});

const greet = (...names: (string | null)[]) => {
	network.last.frame(streamHello(clock.wallMs()));
	network.last.frame(keys(...names));
};

it("connects to its stream with the protocol and the subscription", () => {
	expect(network.last.protocol).toBe("fireworks.v2");
	expect(network.last.url).toBe(
		"ws://host/ws?stream=readings&windowMs=60000&key=a&key=b",
	);
	greet("a");
	expect(client.state.kind).toBe("open");
	network.last.frame({ type: "ping", serverTime: 17 });
	expect(network.last.sent).toEqual([{ type: "pong", serverTime: 17 }]);
});

it("hands on every frame, and keeps a key's index across pods; null is a key too", () => {
	greet("a", null);
	network.last.frame(streamSnapshot("v1.1", clock.wallMs(), [0, 1], [5, 5]));
	network.last.frame({ type: "problems", records: [], ahead: { count: 2 } });
	network.last.serverCloses(1006);
	clock.advance(BACK_OFF.firstMs);
	expect(network.last.url).toContain("?stream=readings&after=v1.1&");
	greet(null, "a");
	network.last.frame(streamBatch("v1.2", clock.wallMs(), [0, 1], [6, 6]));
	network.last.frame({ type: "gap", from: "v1.2", to: "v1.9", count: 7 });
	expect(seen).toEqual([
		"hello readings",
		["snapshot", "a", 5, null],
		["snapshot", null, 5, 0.5],
		"ahead 2",
		"hello readings",
		["batch", null, 6, null],
		["batch", "a", 6, 0.5],
		"gap 7",
	]);
	expect(client.keys.map(({ key }) => key)).toEqual(["a", null]);
	expect(client.position).toBe("v1.9");
});

it("an event of a key that was not announced: the next connection begins with a snapshot", () => {
	greet("a");
	network.last.frame(streamBatch("v1.1", clock.wallMs(), [0], [1]));
	network.last.frame(streamBatch("v1.2", clock.wallMs(), [1], [2]));
	clock.advance(BACK_OFF.firstMs);
	expect(network.last.url).not.toContain("after");
});

it("comes back when the server asks for it, and to a changed definition", () => {
	greet("a");
	network.last.serverCloses(1012, "retry-after-ms=700");
	clock.advance(700);
	greet("a");
	expect(seen).toEqual(["hello readings", "hello readings"]);
});

it("sends a new subscription at once; all keys need no query", () => {
	greet("a");
	client.subscribe({ keys: null, windowMs: 1_000 });
	expect(network.last.sent).toEqual([
		{ type: "subscribe", keys: null, windowMs: 1_000 },
	]);
	network.last.serverCloses(1006);
	clock.advance(BACK_OFF.firstMs);
	expect(network.last.url).toBe("ws://host/ws?stream=readings&windowMs=1000");
});

it("close() leaves no timer", () => {
	greet("a");
	client.close();
	expect(clock.timers).toBe(0);
	expect(client.state.kind).toBe("closed");
});
