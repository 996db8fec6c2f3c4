import { expect, test } from "vitest";
import { QueueMemory } from "../../src/queue/queue-memory.ts";
import { StreamQueue } from "../../src/queue/stream-queue.ts";
import { chooseWindow, windowStart } from "../../src/queue/window-snapshot.ts";
import { range } from "../support/events.ts";

function queueOf(events: [string, number][]): StreamQueue {
	const queue = new StreamQueue({
		measures: [],
		version: 1,
		memory: new QueueMemory(1_000_000),
	});
	queue.restart([0]);
	for (const [offset, [key, time]] of events.entries())
		queue.append(0, offset, { key, time, measures: [] });
	return queue;
}

/** Times of the chosen events, by key index. */
function chosen(queue: StreamQueue, fromMs: number, eventsMax = 1_000) {
	const keys = range(0, queue.devices.count);
	const choice = chooseWindow(queue, keys, queue.head, fromMs, eventsMax);
	const times = keys.map((key) =>
		range(choice.first, queue.head)
			.filter(
				(o) =>
					queue.device[o] === key &&
					o >= (choice.since[key] as number) &&
					(queue.timestamp[o] as number) >= fromMs,
			)
			.map((o) => queue.timestamp[o]),
	);
	expect(times.flat()).toHaveLength(choice.events);
	return times;
}

test("the window ends at the clock, or at the newest event if none is that new", () => {
	expect(windowStart(100_000, 99_000, 10_000)).toBe(90_000);
	expect(windowStart(100_000, 90_000, 10_000)).toBe(90_000);
	expect(windowStart(100_000, 89_999, 10_000)).toBe(79_999);
	// A time ahead of the clock, within the bound, moves nothing.
	expect(windowStart(100_000, 150_000, 10_000)).toBe(90_000);
});

test("events out of order: late ones in the window are found behind older ones", () => {
	const queue = queueOf([
		["a", 50],
		["a", 10],
		["a", 60],
		["b", 5],
		["a", 20],
		["a", 55],
	]);
	expect(chosen(queue, 50)).toEqual([[50, 60, 55], []]);
});

test("too many events: every key keeps equally many of its last ones", () => {
	const queue = queueOf([
		...range(0, 50).map((i): [string, number] => ["many", i]),
		...range(0, 3).map((i): [string, number] => ["few", i]),
		...range(0, 50).map((i): [string, number] => ["more", i]),
	]);
	const [many, few, more] = chosen(queue, 0, 23);
	expect(few).toEqual([0, 1, 2]);
	expect(many).toEqual(range(40, 50));
	expect(more).toEqual(range(40, 50));
});

test("no events in the window: an empty snapshot", () => {
	const queue = queueOf([["a", 5]]);
	expect(chosen(queue, 6)).toEqual([[]]);
});
