/** Compares the ring with a plain array. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { DeviceTable } from "../../src/queue/device-table.ts";
import { EventQueue } from "../../src/queue/event-queue.ts";
import { event } from "../support/events.ts";

const PARTITIONS = 3;

interface Held {
	ordinal: number;
	partition: number;
	offset: number;
	deviceId: string;
	seq: number;
}

/** The expected queue: an array of all events held. */
class Model {
	held: Held[] = [];
	head = 0;
	low: number[] = [];
	next: number[] = [];
	readonly capacity: number;

	constructor(capacity: number) {
		this.capacity = capacity;
	}
	restart(starts: number[]) {
		this.held = [];
		this.low = [...starts];
		this.next = [...starts];
	}
	append(partition: number, offset: number, deviceId: string, seq: number) {
		this.held.push({ ordinal: this.head++, partition, offset, deviceId, seq });
		this.next[partition] = offset + 1;
		if (this.held.length > this.capacity) {
			const first = this.held.shift() as Held;
			this.low[first.partition] = first.offset + 1;
		}
	}
}

const step = fc.oneof(
	{
		weight: 50,
		arbitrary: fc.record({
			kind: fc.constant("append" as const),
			partition: fc.nat(PARTITIONS - 1),
			holes: fc.nat(3),
			device: fc.nat(5),
		}),
	},
	{
		weight: 5,
		arbitrary: fc.record({
			kind: fc.constant("skip" as const),
			partition: fc.nat(PARTITIONS - 1),
			holes: fc.nat(3),
		}),
	},
	{
		weight: 1,
		arbitrary: fc.record({
			kind: fc.constant("restart" as const),
			starts: fc.tuple(fc.nat(100), fc.nat(100), fc.nat(100)),
		}),
	},
);

function agree(queue: EventQueue, model: Model): void {
	expect(queue.head).toBe(model.head);
	expect(queue.count).toBe(model.held.length);
	expect(queue.low).toEqual(model.low);
	expect(queue.next).toEqual(model.next);
	const walked = [...model.low];
	for (const held of model.held) {
		const slot = held.ordinal % queue.capacity;
		expect(queue.offset[slot]).toBe(held.offset);
		expect(queue.seq[slot]).toBe(held.seq);
		expect(queue.devices.indexOf(held.deviceId)).toBe(queue.device[slot]);
		const before = model.held.findLast(
			(h) => h.deviceId === held.deviceId && h.ordinal < held.ordinal,
		);
		expect(queue.previousOfDevice(held.ordinal)).toBe(before?.ordinal ?? -1);
		// A checkpoint may also account for skipped records, so the place is at least what the
		// previous events give.
		const { next } = queue.placeAt(held.ordinal);
		for (const [p, offset] of next.entries()) {
			expect(offset).toBeGreaterThanOrEqual(walked[p] as number);
			const following = model.held.find(
				(h) => h.partition === p && h.ordinal >= held.ordinal,
			);
			expect(offset).toBeLessThanOrEqual(following?.offset ?? Infinity);
		}
		walked[held.partition] = held.offset + 1;
	}
	for (let p = 0; p < PARTITIONS; p++)
		for (const offset of [0, model.low[p], model.next[p], 7, 23]) {
			const first = model.held.find(
				(h) => h.partition === p && h.offset >= (offset as number),
			);
			expect(queue.firstFrom(p, offset as number)).toBe(
				first?.ordinal ?? model.head,
			);
		}
}

test("after any sequence of appends, skips and restarts the queue is what the model is", () => {
	fc.assert(
		fc.property(
			fc.integer({ min: 1, max: 12 }),
			fc.array(step, { maxLength: 60 }),
			(capacity, steps) => {
				const queue = new EventQueue(capacity, new DeviceTable(100));
				const model = new Model(capacity);
				queue.restart([0, 0, 0]);
				model.restart([0, 0, 0]);
				for (const [seq, s] of steps.entries()) {
					if (s.kind === "restart") {
						queue.restart(s.starts);
						model.restart(s.starts);
					} else {
						const offset = (model.next[s.partition] ?? 0) + s.holes;
						if (s.kind === "skip") {
							queue.skip(s.partition, offset);
							model.next[s.partition] = offset + 1;
						} else {
							const deviceId = `d${s.device}`;
							queue.append(s.partition, offset, event(deviceId, seq));
							model.append(s.partition, offset, deviceId, seq);
						}
					}
				}
				agree(queue, model);
			},
		),
		{ numRuns: 300 },
	);
});

test("places are right across checkpoints", () => {
	const queue = new EventQueue(10_000, new DeviceTable(10));
	queue.restart([5, 0]);
	for (let i = 0; i < 25_000; i++) queue.append(i % 2, 5 + i, event("d", i));
	for (const ordinal of [15_000, 16_383, 16_384, 20_001, 24_999, 25_000]) {
		const even = ordinal % 2 === 0 ? ordinal - 2 : ordinal - 1;
		const odd = ordinal % 2 === 0 ? ordinal - 1 : ordinal - 2;
		expect(queue.placeAt(ordinal)).toEqual({
			ordinal,
			next: [even + 6, odd + 6],
		});
	}
});
