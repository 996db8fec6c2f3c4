import { expect, test } from "vitest";
import { DeviceTable } from "../../src/queue/device-table.ts";
import { EventQueue } from "../../src/queue/event-queue.ts";
import { chooseSnapshot } from "../../src/queue/snapshot.ts";
import { event, range } from "../support/events.ts";

const ALL = { windowMs: 86_400_000, pointsMax: 1_000, eventsMax: 1_000 };

/** The seqs of the chosen events, by device. */
function chosen(
	queue: EventQueue,
	bounds: Partial<typeof ALL> = {},
	devices = range(0, queue.devices.count),
	until = queue.head,
) {
	const { since, events, first } = chooseSnapshot(queue, devices, until, {
		...ALL,
		...bounds,
	});
	const seqs: Record<string, number[]> = {};
	for (const { deviceId, index } of queue.devices.changedSince(0))
		for (let o = first; o < until; o++) {
			const slot = o % queue.capacity;
			if (queue.device[slot] === index && o >= (since[index] as number)) {
				seqs[deviceId] ??= [];
				seqs[deviceId].push(queue.seq[slot] as number);
			}
		}
	expect(Object.values(seqs).flat()).toHaveLength(events);
	return seqs;
}

function filled(capacity: number, events: [string, number][]): EventQueue {
	const queue = new EventQueue(capacity, new DeviceTable(100));
	queue.restart([0]);
	for (const [i, [deviceId, seq]] of events.entries())
		queue.append(0, i, event(deviceId, seq));
	return queue;
}

const twoDevices = () =>
	filled(
		100,
		range(0, 10).flatMap((seq): [string, number][] =>
			seq < 7
				? [["a", seq]]
				: [
						["a", seq],
						["b", seq],
					],
		),
	);

test("the newest points of each device", () => {
	expect(chosen(twoDevices(), { pointsMax: 4 })).toEqual({
		a: [6, 7, 8, 9],
		b: [7, 8, 9],
	});
});

test("events in all are dealt out in turn, so that a short path does not lose to a long one", () => {
	expect(chosen(twoDevices(), { eventsMax: 5 })).toEqual({
		a: [7, 8, 9],
		b: [8, 9],
	});
	expect(chosen(twoDevices(), { eventsMax: 8 })).toEqual({
		a: [5, 6, 7, 8, 9],
		b: [7, 8, 9],
	});
});

test("the window reaches back from each device's own newest point", () => {
	const queue = filled(100, [
		["old", 0],
		["old", 1],
		["old", 2],
		["new", 5_000],
	]);
	expect(chosen(queue, { windowMs: 1_000 })).toEqual({
		old: [1, 2],
		new: [5_000],
	});
});

test("only wanted devices, only before the end, only what is held", () => {
	expect(chosen(twoDevices(), {}, [1])).toEqual({ b: [7, 8, 9] });
	expect(chosen(twoDevices(), {}, [0, 1], 3)).toEqual({ a: [0, 1, 2] });
	const queue = filled(
		4,
		range(0, 10).map((seq) => ["a", seq]),
	);
	expect(chosen(queue)).toEqual({ a: [6, 7, 8, 9] });
	expect(chosen(filled(4, []))).toEqual({});
});
