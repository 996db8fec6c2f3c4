import type { ClockPosition } from "@fireworks/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Schedule } from "../src/schedule.ts";

const SECOND = { intervalMs: 1_000, advanceMs: 1_000, catchUpMaxMs: 3_600_000 };
const EPOCH = 1_767_225_600_000;
const at = (seq: number): ClockPosition => ({
	seq,
	timestamp: EPOCH + seq * 1_000,
	epoch: EPOCH,
	intervalMs: 1_000,
	advanceMs: 1_000,
});

describe("a new stream", () => {
	test("begins with tick 0 at the time of its start", () => {
		const schedule = new Schedule(SECOND, undefined, EPOCH);
		expect(schedule.due(EPOCH, 10)).toEqual({ first: 0, count: 1, skipped: 0 });
		expect(schedule.timestampOf(0)).toBe(EPOCH);
		expect(schedule.positionAt(0)).toEqual(at(0));
	});

	test("no tick before its time, and lateness does not accumulate", () => {
		const schedule = new Schedule(SECOND, undefined, EPOCH);
		schedule.written(0);
		expect(schedule.due(EPOCH + 999, 10)).toBeUndefined();
		expect(schedule.due(EPOCH + 1_700, 10)).toEqual({
			first: 1,
			count: 1,
			skipped: 0,
		});
		schedule.written(1);
		expect(schedule.nextDueMs).toBe(EPOCH + 2_000);
	});
});

describe("after a stop", () => {
	test("the missed ticks are due at once, with their own event times, in bounded portions", () => {
		const schedule = new Schedule(SECOND, at(10), EPOCH + 20_500);
		expect(schedule.due(EPOCH + 20_500, 4)).toEqual({
			first: 11,
			count: 4,
			skipped: 0,
		});
		expect(schedule.timestampOf(14)).toBe(EPOCH + 14_000);
		schedule.written(14);
		expect(schedule.due(EPOCH + 20_500, 100)).toEqual({
			first: 15,
			count: 6,
			skipped: 0,
		});
	});

	test("beyond the bound they are skipped, and seq and time jump alike", () => {
		const schedule = new Schedule(
			{ ...SECOND, catchUpMaxMs: 5_000 },
			at(10),
			EPOCH + 100_000,
		);
		expect(schedule.due(EPOCH + 100_000, 100)).toEqual({
			first: 95,
			count: 6,
			skipped: 84,
		});
		expect(schedule.timestampOf(95)).toBe(EPOCH + 95_000);
	});

	test("without catching up the tick that is due now is written all the same", () => {
		const schedule = new Schedule(
			{ ...SECOND, catchUpMaxMs: 0 },
			at(10),
			EPOCH + 100_500,
		);
		expect(schedule.due(EPOCH + 100_500, 100)).toEqual({
			first: 100,
			count: 1,
			skipped: 89,
		});
	});
});

test("after a change of either interval seq and time go on by one new step", () => {
	fc.assert(
		fc.property(
			fc.nat(1_000_000),
			fc.integer({ min: 1, max: 60_000 }),
			fc.integer({ min: 1, max: 60_000 }),
			(seq, intervalMs, advanceMs) => {
				const last = at(seq);
				const schedule = new Schedule(
					{ ...SECOND, intervalMs, advanceMs },
					last,
					last.timestamp,
				);
				expect(schedule.nextDueMs).toBe(last.timestamp + intervalMs);
				expect(schedule.timestampOf(seq + 1)).toBe(last.timestamp + advanceMs);
			},
		),
	);
});

test("whatever the times of writing: every tick once, never early, event times by one advance", () => {
	fc.assert(
		fc.property(
			fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 50 }),
			fc.integer({ min: 1, max: 7 }),
			(pauses, ticksMax) => {
				const schedule = new Schedule(SECOND, undefined, EPOCH);
				let now = EPOCH;
				let next = 0;
				for (const pause of pauses) {
					now += pause;
					const due = schedule.due(now, ticksMax);
					if (due === undefined) continue;
					expect(due.first).toBe(next);
					for (let n = due.first; n < due.first + due.count; n++) {
						expect(schedule.timestampOf(n)).toBe(EPOCH + n * 1_000);
						expect(EPOCH + n * 1_000).toBeLessThanOrEqual(now);
					}
					next = due.first + due.count;
					schedule.written(next - 1);
				}
			},
		),
	);
});
