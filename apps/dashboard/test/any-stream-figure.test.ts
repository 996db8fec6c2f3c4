import { describe, expect, it } from "vitest";
import { buildHeatFigure } from "../src/any-stream/chart/heat-figure.ts";
import { cellsOf, pixelsOf } from "../src/any-stream/chart/heat-map.ts";
import {
	buildStreamFigure,
	withDots,
} from "../src/any-stream/chart/stream-figure.ts";
import { StreamLines } from "../src/any-stream/chart/stream-lines.ts";
import { PointStore } from "../src/any-stream/data/point-store.ts";
import { ShownKeys } from "../src/any-stream/data/shown-keys.ts";
import type { Chart } from "../src/any-stream/view/view.ts";
import type { Ink } from "../src/chart/layout.ts";
import { valueRange } from "../src/chart/ranges.ts";
import { valueTicks } from "../src/chart/ticks.ts";
import { value } from "../src/view/format.ts";

const INK = { theme: "light", ground: "#fff", accent: "#0000ff" } as Ink;

function made(
	chart: Chart,
	rows: [key: number, t: number, v: number | null][],
) {
	const store = new PointStore();
	const names = ["b", "<i>a</i>", null];
	store.takeKeys(names.map((key, index) => ({ index, key })));
	store.takeEvents({
		type: "snapshot",
		columns: {
			key: rows.map(([key]) => key),
			timestamp: rows.map(([, t]) => t),
			measures: { v: rows.map(([, , v]) => v) },
		},
	});
	const shown = new ShownKeys();
	shown.update(store.keys, { keys: [], chart });
	const lines = new StreamLines(store, "v");
	const scene = {
		lines: (x: readonly [number, number]) =>
			lines.lines(x, {
				shown,
				highlighted: undefined,
				theme: "light",
				width: 500,
				dots: chart === "lines",
			}),
		rows: () =>
			shown.indices.map((index) => ({
				name: store.keys[index]?.key ?? "(no key)",
				track: lines.trackOf(index),
			})),
		picture: (_: unknown, columns: number, count: number) =>
			`${columns}x${count}`,
		pointsVersion: store.version,
		intervalMs: 10,
		title: "v <b>",
		chart,
		x: [0, 100] as const,
		live: false,
		size: { width: 500, height: 300 },
		ink: INK,
		left: { px: 0 },
		dragZooms: true,
		previous: undefined,
	};
	return { scene, shown };
}

describe("the keys shown", () => {
	it("are the first by name, with names for those without one", () => {
		const { shown } = made("lines", []);
		expect(shown.indices).toEqual([2, 1, 0]);
		expect(shown.all).toBe(true);
	});
	it("are those chosen; others are said to be missing", () => {
		const { shown } = made("lines", []);
		const keys = ["b", "c", null].map((key, index) => ({ index, key }));
		shown.update(keys, { keys: [null, "z"], chart: "lines" });
		expect([shown.indices, shown.missing, shown.all]).toEqual([
			[2],
			["z"],
			false,
		]);
	});
});

describe("a figure of lines", () => {
	it("escapes text, and draws every record", () => {
		const { scene } = made("lines", [
			[0, 50, 1],
			[0, 50, 2],
			[0, 40, 3],
			[1, 10, null],
		]);
		const { layout, lines } = buildStreamFigure(scene);
		expect(layout.annotations?.[0]?.text).toBe("v &lt;b>");
		expect(lines.map(({ series }) => [...series.value])).toEqual([[3, 1, 2]]);
	});
	it("draws a point without neighbours as a dot", () => {
		const series = {
			time: Float64Array.of(0, 1, 1, 2, 3, 3),
			value: Float64Array.of(5, NaN, 6, 7, NaN, 8),
			seq: Float64Array.of(0, 1, 1, 2, 3, 3),
		};
		const { series: dotted, alone } = withDots(series);
		expect(alone).toBe(2);
		expect([...dotted.value]).toEqual([5, 5, NaN, 6, 7, NaN, 8, 8]);
	});
});

describe("bars", () => {
	it("stand on zero, next to each other within their interval", () => {
		const { scene } = made("bars", [
			[0, 10, 4],
			[0, 20, 5],
			[1, 10, 6],
		]);
		const { data, y } = buildStreamFigure(scene);
		expect(y[0]).toBe(0);
		const [a, b] = data as { x: number[]; width: number; offset: number }[];
		expect([a?.x, b?.x]).toEqual([[10], [10, 20]]);
		expect([a?.width, a?.offset, b?.offset]).toEqual([4, -4, 0]);
	});
});

describe("a heat map", () => {
	it("has the mean of each part of the time, and gaps where nothing was measured", () => {
		const { scene } = made("heatmap", [
			[0, 1, 2],
			[0, 2, 4],
			[0, 99, 8],
			[1, 50, null],
		]);
		const { layout, y } = buildHeatFigure(scene);
		expect(layout.images?.[0]?.source).toBe("10x3");
		expect(y).toEqual([-3, 0]);
		expect(layout.yaxis?.ticktext).toContain("&lt;i>a&lt;/i>");
		const cells = cellsOf(
			scene.rows().map(({ track }) => track),
			[0, 100],
			10,
		);
		expect(cells.columns).toBe(10);
		const row = [...cells.mean.subarray(20, 30)];
		expect([row[0], row[9], cells.low, cells.high]).toEqual([3, 8, 3, 8]);
		expect(cells.mean.filter((x) => !Number.isNaN(x))).toHaveLength(2);
		const pixels = pixelsOf(cells, INK);
		expect([...pixels.subarray(4 * 29, 4 * 30)]).toEqual([0, 0, 255, 255]);
		expect(pixels[4 * 25 + 3]).toBe(0);
	});
});

describe("numbers of any size", () => {
	it.each([1e-300, 1e-15, 2.5e-7, 1e-3, 1, 1e6, 1e12, 1e300])(
		"have an axis that fits, with short and different labels: %d",
		(size) => {
			for (const sign of [1, -1]) {
				const [low, high] = [sign * size, sign * 5 * size].sort(
					(a, b) => a - b,
				);
				const range = valueRange(low as number, high as number, undefined);
				expect(range[1] - range[0]).toBeLessThan(10 * size);
				const { words } = valueTicks(range);
				expect(words.length).toBeGreaterThan(3);
				expect(new Set(words).size).toBe(words.length);
				for (const word of words) {
					expect(word.length).toBeLessThan(12);
					expect(word).not.toMatch(/NaN|Infinity|-/);
				}
				const read = Number(value(sign * size).replaceAll("\u2212", "-"));
				expect(read / (sign * size)).toBeCloseTo(1, 2);
			}
		},
	);
	it("are the same number for equal values, and zero is zero", () => {
		expect(
			valueTicks(valueRange(1e-15, 1e-15, undefined)).words.length,
		).toBeGreaterThan(2);
		expect(valueTicks([-2e-20, 2e-20]).words).toContain("0");
		expect([value(0), value(0.25)]).toEqual(["0.0000", "0.2500"]);
	});
});
