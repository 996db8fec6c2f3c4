import { describe, expect, it } from "vitest";
import { plotArea } from "../src/chart/layout.ts";
import { nearestPoint } from "../src/chart/nearest.ts";

const SIZE = { width: 1_082, height: 148 };
const line = (device: number, values: number[]) => ({
	device,
	deviceId: `d${device}`,
	colour: "#000000",
	opacity: 1,
	width: 1,
	series: {
		time: Float64Array.from(values, (_, i) => i * 100),
		value: Float64Array.from(values),
		seq: Float64Array.from(values, (_, i) => i),
	},
});
/** A pixel is 1 ms wide and 0.1 high. */
const figure = {
	x: [0, 1_000] as const,
	y: [0, 10] as const,
	area: plotArea(SIZE, false),
	lines: [line(4, [1, 2, 3, 4]), line(7, [9, Number.NaN, 9, 8])],
};
const { left, top } = figure.area;
const at = (x: number, y: number) => nearestPoint(figure, left + x, top + y);

describe("the point under the pointer", () => {
	it("is the nearest one of all lines, with its exact values", () => {
		expect(at(205, 65)).toEqual({ device: 4, timeMs: 200, value: 3, seq: 2 });
		expect(at(205, 20)).toEqual({ device: 7, timeMs: 200, value: 9, seq: 2 });
	});
	it("is undefined where all are too far away, or missing", () => {
		expect(at(500, 50)).toBeUndefined();
		expect(at(100, 10)).toBeUndefined();
		expect(at(250, 40)).toBeUndefined();
	});
});
