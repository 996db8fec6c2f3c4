import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeyPoints } from "../src/any-stream/data/key-points.ts";
import { PointStore } from "../src/any-stream/data/point-store.ts";
import { trackOf, usualIntervalMs } from "../src/any-stream/data/track.ts";
import { decimate } from "../src/chart/decimate.ts";

const filled = (points: readonly (readonly [number, number | null])[]) => {
	const made = new KeyPoints();
	for (const [timeMs, value] of points)
		made.set(made.add(timeMs), "v", value ?? Number.NaN);
	return made;
};
const drawn = (points: readonly (readonly [number, number | null])[]) => {
	const { time, value } = decimate(
		trackOf(filled(points), "v"),
		-1e9,
		1e9,
		500,
	);
	return [...time].map((t, i) => [t, value[i]]);
};

describe("the points of a key", () => {
	it("are in the order of their times, with equal times in the order of arrival", () => {
		const batch = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 12 });
		fc.assert(
			fc.property(fc.array(batch, { maxLength: 12 }), (batches) => {
				const points = new KeyPoints();
				const all: [number, number][] = [];
				for (const times of batches) {
					for (const t of times) {
						points.set(points.add(t), "v", all.length);
						all.push([t, all.length]);
					}
					// Reading between the batches must not change the outcome.
					const wanted = all.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
					expect([...points.times()]).toEqual(wanted.map(([t]) => t));
					expect([...points.values("v")]).toEqual(wanted.map(([, v]) => v));
				}
			}),
		);
	});

	it("keep the newest when they become too many", () => {
		const points = filled([5, 1, 4, 2, 3].map((t) => [t, 10 * t]));
		expect(points.keepNewest(3)).toBe(2);
		expect([...points.times()]).toEqual([3, 4, 5]);
		expect([...points.values("v")]).toEqual([30, 40, 50]);
		points.set(points.add(2), "w", 7);
		expect([...points.values("v")]).toEqual([Number.NaN, 30, 40, 50]);
		expect([...points.values("w")]).toEqual([7, NaN, NaN, NaN]);
	});
});

describe("a line", () => {
	it("breaks at a null and at a silence longer than three usual intervals", () => {
		expect(
			drawn([
				[0, 1],
				[1, 2],
				[2, null],
				[3, 3],
				[4, 4],
				[5, 5],
				[9, 6],
				[10, 7],
			]),
		).toEqual([
			[0, 1],
			[1, 2],
			[3, NaN],
			[3, 3],
			[4, 4],
			[5, 5],
			[9, NaN],
			[9, 6],
			[10, 7],
		]);
	});

	it("does not break at three intervals, and has no gap while the interval is unknown", () => {
		expect(drawn([0, 1, 2, 5, 6].map((t) => [t, t]))).toHaveLength(5);
		expect(drawn([0, 1_000_000].map((t) => [t, t]))).toHaveLength(2);
	});

	it("keeps equal times, which say nothing about the interval", () => {
		const points = [0, 0, 0, 1, 1, 1, 2, 2, 2].map((t, i) => [t, i] as const);
		expect(drawn(points)).toEqual(points);
		expect(usualIntervalMs(new Float64Array([0, 0, 0, 1, 1, 3]))).toBe(1);
	});
});

describe("the store", () => {
	const events = (
		type: "snapshot" | "batch",
		rows: [key: number, t: number, v: number | null][],
	) => ({
		type,
		columns: {
			key: rows.map(([key]) => key),
			timestamp: rows.map(([, t]) => t),
			measures: { v: rows.map(([, , v]) => v) },
		},
	});

	it("holds what a snapshot says, and adds batches to it", () => {
		const store = new PointStore();
		store.takeEvents(events("snapshot", [[0, 1, 1]]));
		store.takeEvents(events("batch", [[1, 5, 2]]));
		expect([store.length, store.oldestMs, store.newestMs]).toEqual([2, 1, 5]);
		store.takeEvents(events("snapshot", [[1, 3, null]]));
		expect([store.length, store.oldestMs, store.newestMs]).toEqual([1, 3, 3]);
		expect(store.pointsOf(0)).toBeUndefined();
		expect(store.records).toBe(3);
	});

	it("is bounded: each key keeps its newest points, and what is dropped is counted", () => {
		const store = new PointStore(1_000);
		for (let t = 0; t < 5_000; t++)
			store.takeEvents(events("batch", [[t % 2, t, t]]));
		store.takeEvents(events("batch", [[2, 0, 0]]));
		expect(store.length).toBeLessThanOrEqual(1_000);
		expect(store.length + store.dropped).toBe(5_001);
		expect(store.pointsOf(0)?.times().at(-1)).toBe(4_998);
		expect(store.pointsOf(2)?.length).toBe(1);
		expect(store.oldestMs).toBe(0);
	});
});
