/**
 * The lines of the picture: which devices they show, how they look, and their placeholders while
 * Plotly lays out the picture.
 */
import type { Data } from "plotly.js";
import type { LiveStore } from "../stream/live-store.ts";
import type { Shown } from "../view/shown-devices.ts";
import { lineColour, type Theme } from "./colours.ts";
import type { Series } from "./decimate.ts";
import type { Range } from "./ranges.ts";

const WIDE_LINES_MAX = 12;

export interface LineStyle {
	device: number;
	deviceId: string;
	colour: string;
	opacity: number;
	width: number;
}

export interface Line extends LineStyle {
	series: Series;
}

/** While one path is highlighted, the others are drawn fainter. */
export function styleOf(
	{ devices }: LiveStore,
	shown: Shown,
	device: number,
	highlighted: number | undefined,
	theme: Theme,
): LineStyle {
	return {
		device,
		deviceId: devices[device]?.deviceId ?? "",
		colour: lineColour(shown.slot(device), theme),
		opacity: highlighted === undefined || highlighted === device ? 1 : 0.25,
		width: highlighted === device ? 2.5 : lineWidth(shown.indices.length),
	};
}

/**
 * Many lines are drawn as hairlines. They are easier to tell apart. Without a GPU, the browser
 * draws 50 hairlines of 600 points in a quarter of the time of wider lines, which took most of a
 * frame.
 */
export const lineWidth = (lines: number): number =>
	lines > WIDE_LINES_MAX ? 1 : 1.5;

/** The least and greatest value of the lines; (-1, 1) if they have no points. */
export function extent(lines: readonly Line[]): [number, number] {
	let low = Number.POSITIVE_INFINITY;
	let high = Number.NEGATIVE_INFINITY;
	for (const { series } of lines)
		for (const value of series.value) {
			if (value < low) low = value;
			if (value > high) high = value;
		}
	return low <= high ? [low, high] : [-1, 1];
}

/** A line as a Plotly trace. */
export const trace = (
	{ colour, opacity, width }: LineStyle,
	x: ArrayLike<number>,
	y: ArrayLike<number>,
): Partial<Data> => ({
	type: "scatter",
	mode: "lines",
	x: x as number[],
	y: y as number[],
	hoverinfo: "skip",
	opacity,
	line: { color: colour, width, simplify: false },
});

/** The dots of the lines' newest points, as one Plotly trace. */
export const heads = (
	lines: readonly Line[],
	x: number[],
	y: number[],
): Partial<Data> => ({
	type: "scatter",
	mode: "markers",
	x,
	y,
	hoverinfo: "skip",
	marker: {
		size: 6,
		color: lines.map(({ colour }) => colour),
		opacity: lines.map(({ opacity }) => opacity),
	},
});

/**
 * Placeholders: two points on the edges for each line, which make Plotly create its path element,
 * and a dot for each line's newest point. The painter (line-painter.ts) draws the real points.
 */
export const placeholders = (
	lines: readonly Line[],
	x: Range,
	y: Range,
): Partial<Data>[] => [
	...lines.map((line) => trace(line, x, y)),
	heads(
		lines,
		lines.map(() => x[0]),
		lines.map(() => y[0]),
	),
];
