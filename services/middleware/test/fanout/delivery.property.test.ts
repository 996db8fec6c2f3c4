/**
 * Two pods read the same partitions in different orders. A client moves between them, and reads or
 * does not read. In every case, each event of a partition comes once and in order, or is counted in
 * a gap, or is covered by a snapshot.
 */

import { FakeClock } from "@fireworks/time/fake";
import fc from "fast-check";
import { expect, test } from "vitest";
import { range, Viewer } from "../support/events.ts";
import type { FakeSocket } from "../support/fake-socket.ts";
import { ALL, BOUNDS, PARTITIONS, Pod } from "../support/pod.ts";

const step = fc.oneof(
	{
		weight: 10,
		arbitrary: fc.record({
			kind: fc.constant("read" as const),
			pod: fc.nat(1),
			partition: fc.nat(PARTITIONS - 1),
			events: fc.integer({ min: 1, max: 40 }),
		}),
	},
	{
		weight: 6,
		arbitrary: fc.record({
			kind: fc.constant("time" as const),
			ms: fc.nat(120),
		}),
	},
	{ weight: 2, arbitrary: fc.record({ kind: fc.constant("pause" as const) }) },
	{
		weight: 2,
		arbitrary: fc.record({
			kind: fc.constant("drain" as const),
			frames: fc.nat(5),
		}),
	},
	{
		weight: 2,
		arbitrary: fc.record({
			kind: fc.constant("reconnect" as const),
			pod: fc.nat(1),
		}),
	},
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function check(
	steps: Step[],
	capacity: number,
	bufferBytesMax = BOUNDS.bufferBytesMax,
): void {
	const clock = new FakeClock();
	const pods = [0, 1].map(
		() => new Pod({ capacity, clock, bounds: { bufferBytesMax } }),
	) as [Pod, Pod];
	const viewer = new Viewer();
	let taken = 0;
	let { socket, client } = pods[0].connect();
	const look = () => {
		for (; taken < socket.frames.length; taken++)
			viewer.take(socket.frames[taken] as FakeSocket["frames"][number]);
	};
	for (const s of steps) {
		if (s.kind === "read")
			for (const _ of range(0, s.events))
				pods[s.pod as 0 | 1].read(s.partition);
		else if (s.kind === "time") clock.advance(s.ms);
		else if (s.kind === "pause") socket.reading = false;
		else if (s.kind === "drain") {
			socket.reading = true;
			socket.drain(s.frames);
		} else {
			// What is in flight is lost with the connection.
			look();
			client.ended();
			viewer.devices.clear();
			({ socket, client } = pods[s.pod as 0 | 1].connect(
				ALL,
				viewer.position || undefined,
			));
			taken = 0;
		}
		look();
	}
	// Both pods read to the same end, and the client reads everything.
	for (const p of range(0, PARTITIONS)) {
		const end = Math.max(...pods.map((pod) => pod.queue.next[p] as number));
		for (const pod of pods)
			while ((pod.queue.next[p] as number) < end) pod.read(p);
	}
	socket.reading = true;
	socket.drain();
	clock.advance(500);
	look();
	expect(client.state).toBe("live");
	expect(viewer.position).toBe(`v1.${pods[0].queue.next.join(".")}`);
	let missing = 0;
	for (const p of range(0, PARTITIONS)) {
		const seqs = viewer.seqs(`d${p}`);
		expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
		if (seqs.length === 0) continue;
		const last = pods[0].queue.next[p] as number;
		missing += last - (seqs[0] as number) - seqs.length;
		if (viewer.skipped === 0) expect(seqs.at(-1)).toBe(last - 1);
	}
	expect(missing).toBeLessThanOrEqual(viewer.skipped);
}

test("nothing doubled and nothing missing, whatever the order of reads, pauses and reconnects", () => {
	fc.assert(
		fc.property(fc.array(step, { minLength: 1, maxLength: 80 }), (steps) =>
			check(steps, 20_000),
		),
		{ numRuns: 300 },
	);
});

test("the same with a queue so small that clients fall out of it: a gap or a snapshot reports it", () => {
	fc.assert(
		fc.property(fc.array(step, { minLength: 1, maxLength: 80 }), (steps) =>
			check(steps, 60),
		),
		{ numRuns: 300 },
	);
});

test("the same with buffers so small that slow clients are skipped all the time", () => {
	fc.assert(
		fc.property(
			fc.array(step, { minLength: 1, maxLength: 80 }),
			fc.constantFrom(60, 20_000),
			(steps, capacity) => check(steps, capacity, 1_500),
		),
		{ numRuns: 300 },
	);
});
