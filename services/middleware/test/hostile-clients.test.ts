/** Real sockets that misbehave: each loses only its own connection, and no other client notices. */
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { event, range } from "./support/events.ts";
import { type Running, run, TestClient, until } from "./support/running.ts";

let running: Running;
let bystander: TestClient;
let seq = 0;
beforeEach(async () => {
	seq = 0;
	running = await run({}, undefined, {
		handshakeMs: 200,
		bufferBytesMax: 524_288,
	});
	bystander = new TestClient(running.port);
	await until(() => bystander.of("snapshot").length === 1);
});
afterEach(async () => {
	// Whatever happened, a well-behaved client still gets events.
	running.log.append(0, event("last", 0));
	await until(() => bystander.viewer.seqs("last").length === 1);
	expect(bystander.closed).toBeUndefined();
	expect(bystander.of("gap")).toEqual([]);
	await running.end();
});

async function closedBy(
	act: (client: TestClient) => void,
): Promise<TestClient> {
	const client = new TestClient(running.port);
	await until(() => client.of("snapshot").length === 1);
	act(client);
	await until(() => client.closed !== undefined);
	return client;
}

test("garbage: an error frame, and a close with 1008", async () => {
	const subscribe = (more: object) =>
		JSON.stringify({
			type: "subscribe",
			deviceIds: null,
			windowMs: 60_000,
			...more,
		});
	for (const text of [
		"",
		"garbage",
		"null",
		"[]",
		'"pong"',
		'{"type":"unknown"}',
		'{"type":"pong"}',
		subscribe({ windowMs: 1 }),
		subscribe({ windowMs: "60000" }),
		subscribe({ deviceIds: "d" }),
		subscribe({ deviceIds: [""] }),
		subscribe({ deviceIds: [7] }),
		subscribe({ deviceIds: undefined }),
	]) {
		const client = await closedBy((c) => c.send(text));
		expect(client.of("error").map((e) => e.code)).toEqual(["bad-frame"]);
		expect(client.closed).toEqual({ code: 1008, reason: "bad-frame" });
	}
	const binary = await closedBy((c) =>
		c.socket.send(Buffer.from('{"type":"pong","serverTime":1}'), {
			binary: true,
		}),
	);
	expect(binary.closed?.code).toBe(1008);
});

test("a frame that is too large: 1009, in one piece and in fragments", async () => {
	const whole = await closedBy((c) => c.send("x".repeat(16_385)));
	expect(whole.closed?.code).toBe(1009);
	const inParts = await closedBy((c) => {
		for (const i of range(0, 20))
			c.socket.send("x".repeat(1_000), { fin: i === 19 });
	});
	expect(inParts.closed?.code).toBe(1009);
});

test("fragments without end: closed", async () => {
	const client = await closedBy((c) => {
		for (const _ of range(0, 500)) c.socket.send("", { fin: false });
	});
	expect(client.closed?.code).toBe(1008);
});

test("bytes that are no text, and no websocket frame", async () => {
	const notText = await closedBy((c) =>
		c.socket.send(Buffer.from([0xc3, 0x28]), { binary: false }),
	);
	expect(notText.closed?.code).toBe(1007);
	const noFrame = await closedBy((c) =>
		(c.socket as unknown as { _socket: Socket })._socket.write(
			Buffer.alloc(64, 0xff),
		),
	);
	expect([1002, 1006]).toContain(noFrame.closed?.code);
});

test("a flood of frames, or of pings: an error frame, and a close with 1008", async () => {
	const frames = await closedBy((c) => {
		for (const i of range(0, 100)) c.send({ type: "pong", serverTime: i });
	});
	expect(frames.closed).toEqual({ code: 1008, reason: "too-many-frames" });
	expect(frames.of("error").map((e) => e.code)).toEqual(["too-many-frames"]);
	const pings = await closedBy((c) => {
		for (const _ of range(0, 100)) c.socket.ping();
	});
	expect(pings.closed?.code).toBe(1008);
});

test("a slow handshake is dropped: nothing sent, half a request, and half an upgrade", async () => {
	for (const bytes of [
		"",
		"GET /ws HTT",
		"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n",
	]) {
		const socket = connect(running.port, "127.0.0.1");
		socket.on("error", () => {});
		const closed = new Promise((resolve) => socket.once("close", resolve));
		socket.write(bytes);
		socket.resume();
		await closed;
	}
});

test("invalid upgrades get an HTTP error", async () => {
	const answer = async (head: string) => {
		const socket = connect(running.port, "127.0.0.1");
		let text = "";
		socket.on("data", (part) => {
			text += part;
		});
		socket.write(`${head}\r\nHost: x\r\nConnection: Upgrade\r\n\r\n`);
		await new Promise((resolve) => socket.once("close", resolve));
		return text.split("\r\n", 1)[0];
	};
	expect(await answer("GET /ws HTTP/1.1\r\nUpgrade: websocket")).toBe(
		"HTTP/1.1 400 Bad Request",
	);
	expect(await answer("POST /ws HTTP/1.1\r\nUpgrade: websocket")).toBe(
		"HTTP/1.1 405 Method Not Allowed",
	);
	expect(await answer("GET /elsewhere HTTP/1.1\r\nUpgrade: h2c")).toBe(
		"HTTP/1.1 404 Not Found",
	);
});

/**
 * Events that are sent at a time: half of what a client's buffer holds, so that a client that reads
 * is not skipped. If a client does not read, the kernel takes some 10 MB for it before the
 * middleware notices. On a busy machine that takes minutes.
 */
const ROUND = 4_000;
const FILL_MAX_MS = 300_000;

test(
	"one that stops reading is skipped with a gap, and others get everything",
	async () => {
		const slow = new TestClient(running.port);
		await until(() => slow.of("snapshot").length === 1);
		slow.socket.pause();
		const { counts, hub } = running.middleware;
		const lagging = () => [...hub.clients].some((c) => c.state === "lagging");
		while (!lagging()) {
			for (const _ of range(0, ROUND))
				running.log.append(seq % 3, event(`d${seq % 3}`, seq++));
			await until(() => bystander.viewer.events.length === seq);
			for (const client of hub.clients)
				expect(client.socket.bufferedAmount).toBeLessThanOrEqual(
					524_288 + 16_384,
				);
		}
		slow.socket.resume();
		await until(
			() =>
				counts.gaps === 1 && slow.viewer.position === bystander.viewer.position,
		);
		expect(slow.viewer.skipped).toBeGreaterThan(0);
		expect(slow.viewer.events.length + slow.viewer.skipped).toBe(seq);
	},
	FILL_MAX_MS,
);

test(
	"one that never reads again is closed, and cut",
	async () => {
		await running.end();
		running = await run({}, undefined, {
			slowMaxMs: 100,
			bufferBytesMax: 524_288,
			pingMs: 60_000,
		});
		bystander = new TestClient(running.port);
		const slow = new TestClient(running.port);
		await until(() => slow.of("snapshot").length === 1);
		slow.socket.pause();
		const { hub, counts } = running.middleware;
		while (!counts.closed.has("slow-client")) {
			for (const _ of range(0, ROUND))
				running.log.append(seq % 3, event(`d${seq % 3}`, seq++));
			await until(() => bystander.viewer.events.length === seq);
		}
		expect(hub.clients.size).toBe(1);
		slow.socket.resume();
		await until(() => slow.closed !== undefined);
	},
	FILL_MAX_MS,
);
