import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	movingRange,
	niceStep,
	timeRange,
	valueRange,
} from "../src/chart/ranges.ts";
import { valueTicks } from "../src/chart/ticks.ts";

const value = fc.double({ min: -1e12, max: 1e12, noNaN: true });

describe("ranges", () => {
	it("moves the window in steps that hold the newest event", () => {
		expect(timeRange(60_000, 60_000)).toEqual([0, 60_000]);
		expect(timeRange(60_001, 60_000)).toEqual([1_000, 61_000]);
		expect(timeRange(61_000, 60_000)).toEqual([1_000, 61_000]);
	});

	it("lets time move on between events, but not forever", () => {
		const [, edge] = movingRange(50_000, 0, 60_000);
		expect(edge).toBeGreaterThan(50_000);
		expect(movingRange(50_000, 700, 60_000)[1]).toBe(edge + 700);
		expect(movingRange(50_000, 1e9, 60_000)[1]).toBe(edge + 3_000);
		expect(movingRange(50_000, -500, 60_000)).toEqual([edge - 60_000, edge]);
	});

	it("holds all values with some room, and uses at least a third of it", () => {
		fc.assert(
			fc.property(value, value, (a, b) => {
				const [low, high] = [Math.min(a, b), Math.max(a, b)];
				const [from, to] = valueRange(low, high, undefined);
				expect(from).toBeLessThan(low);
				expect(to).toBeGreaterThan(high);
				if (high - low > 1e-9 * Math.max(1, Math.abs(low), Math.abs(high)))
					expect(high - low).toBeGreaterThan((to - from) / 3);
			}),
		);
	});

	it("stays while the values fit it well enough", () => {
		const range = valueRange(-10, 10, undefined);
		expect(valueRange(-11, 9, range)).toBe(range);
		expect(valueRange(-10, 30, range)).not.toBe(range);
		expect(valueRange(-1, 1, range)).not.toBe(range);
	});

	it("has steps of 1, 2 or 5", () => {
		expect([0.11, 0.2, 1.1, 3, 7, 1_000].map(niceStep)).toEqual([
			0.2, 0.2, 2, 5, 10, 1_000,
		]);
	});
});

describe("ticks", () => {
	it("of values are bounded where doubles have no steps as fine", () => {
		expect(valueTicks([1e6, 1e6 + 1e-12]).values.length).toBeLessThan(21);
		expect(valueTicks([0, 1e-200]).words.length).toBeLessThan(21);
	});

	it("labels values with as many digits as their step needs", () => {
		expect(valueTicks([-0.4, 0.4]).words).toContain("\u22120.2");
		expect(valueTicks([-60, 60]).words).toEqual([
			"\u221260",
			"\u221240",
			"\u221220",
			"0",
			"20",
			"40",
			"60",
		]);
	});
});
