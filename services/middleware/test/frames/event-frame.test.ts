import { batchSchema, columnsSchema } from "@fireworks/contracts";
import { expect, test } from "vitest";
import { countEvents, encodeEvents } from "../../src/frames/event-frame.ts";
import { listFrames } from "../../src/frames/small-frames.ts";
import { textOf } from "../../src/frames/text-frame.ts";
import { FRAME_EVENTS_MAX } from "../../src/limits.ts";
import { DeviceTable } from "../../src/queue/device-table.ts";
import { EventQueue } from "../../src/queue/event-queue.ts";
import { event, range } from "../support/events.ts";

function queueOf(events: number, capacity = 10_000): EventQueue {
	const queue = new EventQueue(capacity, new DeviceTable(100));
	queue.restart([0, 0]);
	for (const i of range(0, events))
		queue.append(i % 2, Math.floor(i / 2), event(`d${i % 3}`, i));
	return queue;
}

const decode = (bytes: Buffer) => batchSchema.parse(JSON.parse(textOf(bytes)));

test("every number comes through bit for bit", () => {
	const queue = new EventQueue(10, new DeviceTable(10));
	queue.restart([0]);
	const numbers = [
		0.1 + 0.2,
		5e-324,
		1.7976931348623157e308,
		-0,
		123456789.12345679,
	];
	for (const [i, value] of numbers.entries())
		queue.append(0, i, event("d", i, { value, increment: -value }));
	const from = { ordinal: 0, next: [0] };
	const frame = encodeEvents(
		queue,
		"batch",
		{ mask: undefined },
		from,
		queue.headPlace,
		42,
	);
	const { columns, position, sentAt } = decode(frame.bytes);
	expect(columnsSchema.parse(columns).value).toEqual(numbers.map((x) => x + 0));
	expect(columns.increment).toEqual(numbers.map((x) => 0 - x));
	expect(position).toBe("v1.5");
	expect(sentAt).toBe(42);
});

test("a frame ends at its bound, and the next one goes on there", () => {
	const queue = queueOf(5_000);
	let place = { ordinal: 0, next: [0, 0] as readonly number[] };
	const seqs: number[] = [];
	const sizes: number[] = [];
	while (place.ordinal < queue.head) {
		const frame = encodeEvents(
			queue,
			"batch",
			{ mask: undefined },
			place,
			queue.headPlace,
			0,
		);
		seqs.push(...decode(frame.bytes).columns.seq);
		sizes.push(frame.events);
		expect(frame.bytes.length).toBeLessThan(262_144);
		expect(frame.to).toEqual(queue.placeAt(frame.to.ordinal));
		place = frame.to;
	}
	expect(sizes).toEqual([FRAME_EVENTS_MAX, FRAME_EVENTS_MAX, 1_000]);
	expect(seqs).toEqual(range(0, 5_000));
});

test("the largest numbers stay within a frame's bytes", () => {
	const queue = new EventQueue(FRAME_EVENTS_MAX, new DeviceTable(1_000_000));
	queue.restart([0]);
	const large = -1.2345678901234568e-300;
	for (const i of range(0, FRAME_EVENTS_MAX))
		queue.append(
			0,
			i,
			event(`d${i}`, 9_007_199_254_740_991, {
				timestamp: 8.64e15,
				dt: -large,
				increment: large,
				value: large,
			}),
		);
	const frame = encodeEvents(
		queue,
		"batch",
		{ mask: undefined },
		{ ordinal: 0, next: [0] },
		queue.headPlace,
		0,
	);
	expect(frame.bytes.length).toBeLessThan(262_144);
});

test("what a client already had by offset is left out", () => {
	const queue = queueOf(10);
	const frame = encodeEvents(
		queue,
		"batch",
		{ mask: undefined },
		{ ordinal: 0, next: [3, 100] },
		queue.headPlace,
		0,
	);
	const { columns, position } = decode(frame.bytes);
	expect(columns.seq).toEqual([6, 8]);
	// Partition 1 stays at the client's offset, which is ahead of this pod.
	expect(position).toBe("v1.5.100");
});

test("masks and thresholds choose", () => {
	const queue = queueOf(9);
	const from = queue.oldestPlace;
	const mask = Uint8Array.of(1, 0, 1);
	const masked = encodeEvents(
		queue,
		"batch",
		{ mask },
		from,
		queue.headPlace,
		0,
	);
	expect(decode(masked.bytes).columns.seq).toEqual([0, 2, 3, 5, 6, 8]);
	const since = Float64Array.of(6, Infinity, 5);
	const chosen = encodeEvents(
		queue,
		"batch",
		{ mask, since },
		from,
		queue.headPlace,
		0,
	);
	expect(decode(chosen.bytes).columns.seq).toEqual([5, 6, 8]);
	expect(countEvents(queue, mask, from, queue.headPlace)).toBe(6);
});

test("events that have left the queue are counted, whatever they were", () => {
	const queue = queueOf(20, 10);
	const from = { ordinal: 4, next: [2, 2] };
	expect(
		countEvents(queue, Uint8Array.of(0, 0, 0), from, queue.headPlace),
	).toBe(6);
	expect(countEvents(queue, undefined, from, queue.headPlace)).toBe(16);
});

test("many devices come in several frames", () => {
	const entries = range(0, 3_000).map((index) => ({
		index,
		deviceId: `device-${index}-"ü`,
		drift: 0,
		volatility: 1,
	}));
	const frames = listFrames("devices", entries);
	expect(frames.length).toBeGreaterThan(2);
	expect(frames.flatMap((bytes) => JSON.parse(textOf(bytes)).devices)).toEqual(
		entries,
	);
	expect(listFrames("devices", [])).toEqual([]);
});
