/**
 * Sends take time, so a flush needs several turns of the event loop. Whatever happens between two
 * turns, each client gets every event that it wants once and in order, or else a gap or a snapshot.
 * That includes a topic that is deleted and recreated.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { FLUSH_TURN_MS } from "../../src/limits.ts";
import { range, Viewer } from "../support/events.ts";
import { ALL, PARTITIONS, Pod } from "../support/pod.ts";

const CLIENTS = 4;
const who = fc.nat(CLIENTS - 1);
const REQUESTS = [ALL, { ...ALL, deviceIds: ["d0", "d2"] }];

const step = fc.oneof(
	{
		weight: 8,
		arbitrary: fc.record({
			kind: fc.constant("read" as const),
			partition: fc.nat(PARTITIONS - 1),
			events: fc.integer({ min: 1, max: 30 }),
		}),
	},
	{ weight: 12, arbitrary: fc.record({ kind: fc.constant("turn" as const) }) },
	{
		weight: 3,
		arbitrary: fc.record({
			kind: fc.constant("time" as const),
			ms: fc.nat(60),
		}),
	},
	{
		weight: 3,
		arbitrary: fc.record({
			kind: fc.constantFrom(
				"pause" as const,
				"drain" as const,
				"reconnect" as const,
				"flush" as const,
			),
			who,
		}),
	},
	{
		weight: 1,
		arbitrary: fc.record({
			kind: fc.constantFrom("recreate" as const, "sweep" as const),
		}),
	},
	{
		weight: 2,
		arbitrary: fc.record({
			kind: fc.constant("subscribe" as const),
			who,
			request: fc.nat(REQUESTS.length - 1),
		}),
	},
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

class Watcher {
	readonly #pod: Pod;
	readonly viewer = new Viewer();
	request = REQUESTS[0] as (typeof REQUESTS)[number];
	#taken = 0;
	#connection: ReturnType<Pod["connect"]>;

	constructor(pod: Pod) {
		this.#pod = pod;
		this.#connection = pod.connect(this.request);
	}
	get socket() {
		return this.#connection.socket;
	}
	get client() {
		return this.#connection.client;
	}
	look(): void {
		for (; this.#taken < this.socket.frames.length; this.#taken++)
			this.viewer.take(this.socket.frames[this.#taken] as never);
	}
	reconnect(): void {
		this.client.ended();
		this.viewer.devices.clear();
		this.#taken = 0;
		this.#connection = this.#pod.connect(
			this.request,
			this.viewer.position || undefined,
		);
	}
	subscribe(request: (typeof REQUESTS)[number]): void {
		this.request = request;
		this.#pod.hub.subscribe(this.client, request);
	}
}

function check(steps: Step[], sendMs: number, capacity: number): void {
	const pod = new Pod({ capacity, bounds: { bufferBytesMax: 4_000 } });
	pod.sendMs = sendMs;
	const watchers = range(0, CLIENTS).map(() => new Watcher(pod));
	for (const s of steps) {
		const watcher = watchers["who" in s ? s.who : 0] as Watcher;
		if (s.kind === "read")
			for (const _ of range(0, s.events)) pod.read(s.partition);
		else if (s.kind === "turn") pod.clock.turn();
		else if (s.kind === "time") pod.clock.advance(s.ms);
		else if (s.kind === "flush") pod.hub.flush();
		else if (s.kind === "recreate") pod.recreate();
		else if (s.kind === "sweep") pod.hub.sweep();
		else if (s.kind === "pause") watcher.socket.reading = false;
		else if (s.kind === "drain") {
			watcher.socket.reading = true;
			watcher.socket.drain();
		} else if (s.kind === "reconnect") watcher.reconnect();
		else if (s.kind === "subscribe")
			watcher.subscribe(REQUESTS[s.request] as (typeof REQUESTS)[number]);
		for (const each of watchers) each.look();
	}
	for (const { socket } of watchers) {
		socket.reading = true;
		socket.drain();
	}
	pod.readMany(PARTITIONS);
	pod.clock.advance(1_000);
	for (const watcher of watchers) {
		watcher.look();
		const { client, viewer, request } = watcher;
		expect(client.state).toBe("live");
		let missing = 0;
		for (const deviceId of request.deviceIds ?? ["d0", "d1", "d2"]) {
			const seqs = viewer.seqs(deviceId);
			expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
			if (seqs.length === 0) continue;
			const end = pod.queue.next[Number(deviceId.slice(1))] as number;
			missing += end - (seqs[0] as number) - seqs.length;
			if (viewer.skipped === 0) expect(seqs.at(-1)).toBe(end - 1);
		}
		expect(missing).toBeLessThanOrEqual(viewer.skipped);
	}
}

for (const capacity of [20_000, 60])
	test(`nothing doubled and nothing missing, with a queue of ${capacity} events`, () => {
		fc.assert(
			fc.property(
				fc.array(step, { minLength: 1, maxLength: 100 }),
				fc.constantFrom(0, FLUSH_TURN_MS / 2, 2 * FLUSH_TURN_MS),
				(steps, sendMs) => check(steps, sendMs, capacity),
			),
			{ numRuns: 400 },
		);
	});

test("a turn ends after its time, and the next one goes on", () => {
	const pod = new Pod();
	const watchers = range(0, CLIENTS).map(() => new Watcher(pod));
	pod.clock.advance(100);
	pod.sendMs = FLUSH_TURN_MS / 2;
	pod.read(0);
	const served = () => {
		for (const each of watchers) each.look();
		return watchers.filter((w) => w.viewer.seqs("d0").length === 1).length;
	};
	pod.sendMs = FLUSH_TURN_MS;
	expect(served()).toBe(0);
	pod.clock.turn();
	expect(served()).toBe(1);
	pod.clock.turn();
	expect(served()).toBe(2);
	// The next flush does not overtake it.
	pod.read(0);
	pod.hub.flush();
	pod.clock.advance(1_000);
	for (const watcher of watchers) {
		watcher.look();
		expect(watcher.viewer.seqs("d0")).toEqual([0, 1]);
	}
});
