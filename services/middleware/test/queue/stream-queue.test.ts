/** The queues of streams: their columns, and the memory that they share. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
	STREAM_QUEUE_EVENTS_MIN as MIN,
	STREAM_KEYS_MAX,
} from "../../src/limits.ts";
import { QueueMemory } from "../../src/queue/queue-memory.ts";
import { StreamQueue } from "../../src/queue/stream-queue.ts";
import { range } from "../support/events.ts";

const BYTES_MAX = 64 * 1_024 * 1_024;

function queueOf(
	memory = new QueueMemory(BYTES_MAX),
	measures = ["v"],
	keysMax = STREAM_KEYS_MAX,
) {
	const queue = new StreamQueue({ measures, version: 1, memory, keysMax });
	queue.restart([0, 0], "topic");
	return queue;
}

const fill = (queue: StreamQueue, events: number, key = "a") => {
	for (let i = 0; i < events; i++) {
		const offset = queue.next[0] ?? 0;
		queue.append(0, offset, { key, time: offset, measures: [offset] });
	}
};

const held = (queue: StreamQueue) =>
	JSON.parse(
		queue.columnsJson(
			Uint32Array.from(
				range(queue.oldest, queue.head),
				(ordinal) => ordinal % queue.capacity,
			),
		),
	);

test("columns: an array for each measure, with null where there is no value", () => {
	const queue = queueOf(undefined, ["b.c", 'q"', "a"]);
	queue.append(1, 5, { key: null, time: 7, measures: [1e-300, null, 2] });
	queue.append(0, 9, { key: "x", time: 3, measures: [null, -0.5, 5e-324] });
	expect(held(queue)).toEqual({
		key: [0, 1],
		timestamp: [7, 3],
		partition: [1, 0],
		offset: [5, 9],
		measures: { "b.c": [1e-300, null], 'q"': [null, -0.5], a: [2, 5e-324] },
	});
	expect(queue.next).toEqual([10, 6]);
	expect(queue.tag).toBe("1vtopic");
});

test("it grows as needed, and keeps everything while there is memory", () => {
	const queue = queueOf();
	fill(queue, 5 * MIN);
	expect(queue.capacity).toBe(8 * MIN);
	expect(held(queue).timestamp).toEqual(range(0, 5 * MIN));
	expect(queue.placeAt(4_500)).toEqual({ ordinal: 4_500, next: [4_500, 0] });
});

test("without more memory, each queue drops its own oldest events", () => {
	const { eventBytes } = queueOf();
	const queue = queueOf(new QueueMemory(2 * MIN * eventBytes));
	fill(queue, 5 * MIN);
	expect(queue.capacity).toBe(2 * MIN);
	expect(held(queue).timestamp).toEqual(range(3 * MIN, 5 * MIN));
	expect(queue.low).toEqual([3 * MIN, 0]);
});

test("a small queue grows at the cost of the largest, never of smaller ones", () => {
	const { eventBytes } = queueOf();
	const memory = new QueueMemory(11 * MIN * eventBytes);
	const [large, small, other] = [
		queueOf(memory),
		queueOf(memory),
		queueOf(memory),
	] as const;
	fill(large, 8 * MIN);
	expect(large.capacity).toBe(8 * MIN);
	fill(other, 2 * MIN);
	fill(small, 4 * MIN);
	expect([large, small, other].map(({ capacity }) => capacity / MIN)).toEqual([
		4, 4, 2,
	]);
	expect(held(large).timestamp).toEqual(range(4 * MIN, 8 * MIN));
	expect(memory.bytes).toBeLessThanOrEqual(memory.bytesMax);
	small.close();
	fill(large, 4 * MIN);
	expect(large.capacity).toBe(8 * MIN);
});

test("more keys than it may know are refused until a key has no events left", () => {
	const { eventBytes } = queueOf();
	const queue = queueOf(new QueueMemory(MIN * eventBytes), ["v"], 2);
	const event = (key: string) => ({ key, time: 1, measures: [1] });
	expect(queue.append(0, 0, event("a"))).toBe(true);
	expect(queue.append(0, 1, event("b"))).toBe(true);
	expect(queue.append(0, 2, event("c"))).toBe(false);
	expect(queue.next[0]).toBe(3);
	fill(queue, MIN, "b");
	expect(queue.append(0, queue.next[0] ?? 0, event("c"))).toBe(true);
	expect(queue.devices.changedSince(2)).toEqual([{ index: 0, key: "c" }]);
});

test("after any growth and shrinking it holds the newest events, linked by key", () => {
	fc.assert(
		fc.property(
			fc.array(fc.tuple(fc.nat(2), fc.nat(1_500)), { maxLength: 12 }),
			(steps) => {
				const memory = new QueueMemory(6 * MIN * queueOf().eventBytes);
				const queues = [0, 1, 2].map(() => queueOf(memory));
				for (const [i, events] of steps)
					for (const key of ["a", "b"])
						fill(queues[i] as StreamQueue, events, key);
				for (const queue of queues) {
					const { timestamp } = held(queue);
					const next = queue.next[0] ?? 0;
					expect(timestamp).toEqual(range(next - queue.count, next));
					const linked: number[] = [];
					for (const key of range(0, queue.devices.count)) {
						let o = queue.devices.newestOf(key);
						for (; o >= 0; o = queue.previousOfDevice(o)) linked.push(o);
					}
					expect(linked.toSorted((a, b) => a - b)).toEqual(
						range(queue.oldest, queue.head),
					);
				}
				expect(memory.bytes).toBeLessThanOrEqual(memory.bytesMax);
			},
		),
		{ numRuns: 30 },
	);
});
