import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pathText } from "../src/chart/path-text.ts";

const AS_IT_IS = { from: 0, perUnit: 1 };
const coordinates = (d: string): number[] =>
	(d.match(/-?\d+(\.\d)?/g) ?? []).map(Number);

describe("the text of a path", () => {
	it("is what a browser reads", () => {
		expect(
			pathText(
				[0, 1.25, 2, 3, 4],
				[0, -10.04, Number.NaN, 7.5, 100],
				AS_IT_IS,
				AS_IT_IS,
			),
		).toBe("M0 0L1.3 -10M3 7.5L4 100");
	});

	it("starts again after each hole, and is empty without points", () => {
		const { NaN: hole } = Number;
		expect(pathText([], [], AS_IT_IS, AS_IT_IS)).toBe("");
		expect(
			pathText([1, 2, 3, 4], [hole, hole, 1, hole], AS_IT_IS, AS_IT_IS),
		).toBe("M3 1");
	});

	it("holds every point to a twentieth of a pixel", () => {
		const pixels = fc.array(fc.double({ min: -9e5, max: 9e5, noNaN: true }));
		fc.assert(
			fc.property(pixels, fc.double({ min: -2, max: 2 }), (values, perUnit) => {
				fc.pre(!Number.isNaN(perUnit));
				const scale = { from: 5, perUnit };
				const times = values.map((_, i) => i);
				const numbers = coordinates(pathText(times, values, AS_IT_IS, scale));
				values.forEach((value, i) => {
					const px = Math.max(-1e6, Math.min(1e6, (value - 5) * perUnit));
					expect(numbers[2 * i]).toBe(i);
					expect(Math.abs((numbers[2 * i + 1] as number) - px)).toBeLessThan(
						0.0501,
					);
				});
			}),
		);
	});

	it("does not overflow where a line leaves the picture by far", () => {
		expect(pathText([0, 1e300], [1, -1e300], AS_IT_IS, AS_IT_IS)).toBe(
			"M0 1L1000000 -1000000",
		);
	});
});
