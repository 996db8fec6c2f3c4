/** How many streams are read, and for how long, on a clock that the test moves. */
import { defineStream, publish, topicOf } from "@fireworks/pipeline";
import { memoryLog } from "@fireworks/streams/testing";
import { FakeClock } from "@fireworks/time/fake";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import type { Incoming } from "../../src/connection/incoming.ts";
import { Counts } from "../../src/counts.ts";
import type { ClientSocket } from "../../src/fanout/client-socket.ts";
import { CLIENT_LIMITS, STREAM_IDLE_MS } from "../../src/limits.ts";
import type { Decision } from "../../src/server/websocket-server.ts";
import { Streams } from "../../src/streams/streams.ts";

const SETTINGS = {
	partitions: 1,
	replicationFactor: 1,
	topicConfigs: "own" as const,
};
const SOCKET: ClientSocket = {
	bufferedAmount: 0,
	send: () => {},
	ping: () => {},
	close: () => {},
	terminate: () => {},
};

let clock: FakeClock;
let streams: Streams;
const stop = { controller: new AbortController(), done: Promise.resolve() };

beforeEach(async () => {
	clock = new FakeClock();
	const log = memoryLog();
	const descriptions = ["a", "b", "c"].map(
		(name) =>
			defineStream({
				name,
				schema: z.object({ t: z.number() }),
				time: { path: "t", unit: "ms" },
			}).description,
	);
	await log.ensureTopics(descriptions.map((d) => topicOf(d, SETTINGS)));
	await publish({ log, settings: SETTINGS, streams: descriptions });
	streams = new Streams({
		log,
		clock,
		logger: { info: () => {}, warn: () => {} },
		counts: new Counts(),
		limits: CLIENT_LIMITS,
		streamsMax: 2,
	});
	stop.controller = new AbortController();
	stop.done = streams.run(stop.controller.signal);
	await until(() => streams.knownCount === 3);
});
afterEach(async () => {
	let ended = false;
	stop.controller.abort();
	void Promise.all([streams.stop(), stop.done]).then(() => {
		ended = true;
	});
	await until(() => ended);
});

/** Lets the clock go on until the condition holds. */
async function until(condition: () => boolean): Promise<void> {
	while (!condition()) {
		clock.advance(1);
		await new Promise((resolve) => setImmediate(resolve));
	}
}

async function admit(stream: string): Promise<Decision> {
	let decision: Decision | undefined;
	void streams
		.admit({
			stream,
			subscription: { deviceIds: null, windowMs: 1_000 },
			after: null,
		})
		.then((decided) => {
			decision = decided;
		});
	await until(() => decision !== undefined);
	return decision as Decision;
}

async function join(stream: string): Promise<Incoming> {
	const decision = await admit(stream);
	if (!("join" in decision)) throw new Error(decision.message);
	return decision.join(SOCKET);
}

const open = () => [...streams.open].map(({ entry }) => entry.name);

test("more streams than the most are refused, until one is no longer watched", async () => {
	await join("a");
	const b = await join("b");
	await join("b");
	expect(await admit("c")).toMatchObject({
		status: 503,
		message: "2 streams are shown now, which is the most: try again later",
	});
	b.ended();
	expect(await admit("c")).toMatchObject({ status: 503 });
	expect(open()).toEqual(["a", "b"]);
});

test("a stream without clients makes room for another one at once", async () => {
	await join("a");
	(await join("b")).ended();
	await join("c");
	expect(open()).toEqual(["a", "c"]);
});

test("a stream is read for a while after its last client, and a client that comes back finds it", async () => {
	const first = await join("a");
	const [served] = streams.open;
	first.ended();
	clock.advance(STREAM_IDLE_MS - 10_000);
	const second = await join("a");
	expect([...streams.open]).toEqual([served]);
	clock.advance(STREAM_IDLE_MS);
	expect(open()).toEqual(["a"]);
	second.ended();
	clock.advance(STREAM_IDLE_MS);
	expect(open()).toEqual([]);
	expect(streams.memory.bytes).toBe(0);
});

test("a client that goes away while it waits leaves nothing behind", async () => {
	await admit("a");
	expect(open()).toEqual(["a"]);
	clock.advance(STREAM_IDLE_MS);
	expect(open()).toEqual([]);
});
