import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decimate } from "../src/chart/decimate.ts";
import { Ring } from "../src/stream/ring.ts";

const ringOf = (values: number[], holes: number[] = []) => {
	const ring = new Ring(values.length + 1);
	values.forEach((value, k) => {
		ring.push(
			{ seq: k, timeMs: k * 10, dtS: 0.01, increment: 0, value },
			holes.includes(k),
		);
	});
	return ring;
};

const walk = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), {
	minLength: 1,
	maxLength: 2_000,
});

describe("decimate", () => {
	it("keeps real points only, in order, few enough, with each bucket's extremes", () => {
		fc.assert(
			fc.property(walk, fc.integer({ min: 1, max: 50 }), (values, buckets) => {
				const toMs = values.length * 10;
				const { time, value, seq } = decimate(ringOf(values), 0, toMs, buckets);
				expect(seq.length).toBeLessThanOrEqual(
					Math.max(4 * buckets, 4 * (buckets + 1)),
				);
				seq.forEach((s, i) => {
					expect(value[i]).toBe(values[s]);
					expect(time[i]).toBe(s * 10);
					if (i > 0) expect(s).toBeGreaterThan(seq[i - 1] as number);
				});
				expect(Math.min(...value)).toBe(Math.min(...values));
				expect(Math.max(...value)).toBe(Math.max(...values));
				expect(seq.at(-1)).toBe(values.length - 1);
			}),
		);
	});

	it("keeps the same points while the window moves", () => {
		const values = Array.from({ length: 3_000 }, (_, k) => Math.sin(k * k));
		const ring = ringOf(values);
		const kept = (fromMs: number) =>
			[...decimate(ring, fromMs, fromMs + 20_000, 100).seq].filter(
				(s) => s >= 1_000 && s < 2_000,
			);
		expect(kept(5_010)).toEqual(kept(5_000));
		expect(kept(5_790)).toEqual(kept(5_000));
	});

	it("takes one point beyond either edge, so that lines reach it", () => {
		const { seq } = decimate(ringOf([1, 2, 3, 4, 5, 6]), 15, 35, 100);
		expect([...seq]).toEqual([1, 2, 3, 4]);
	});

	it("breaks the line at a hole, whether points are left out or not", () => {
		const values = Array.from({ length: 1_000 }, (_, k) => k % 7);
		for (const buckets of [10_000, 10]) {
			const { seq, value } = decimate(ringOf(values, [500]), 0, 1e4, buckets);
			const gap = seq.findIndex(Number.isNaN);
			expect(Number.isNaN(value[gap])).toBe(true);
			expect(seq[gap - 1]).toBe(499);
			expect(seq[gap + 1]).toBe(500);
		}
	});

	it("has nothing to show of an empty ring", () => {
		expect(decimate(new Ring(5), 0, 1, 10).seq).toHaveLength(0);
	});
});
