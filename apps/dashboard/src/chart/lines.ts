/** The lines of the picture: whose they are, how they look, and what stands for them while Plotly lays the picture out. */
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

/** While one path is highlighted the others step back. */
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
 * Many lines are hairlines: easier to tell apart, and where no GPU helps, the browser draws 50 hairlines of 600 points in a quarter of the
 * time that wider ones take. It was most of the frame by then.
 */
const lineWidth = (lines: number): number => (lines > WIDE_LINES_MAX ? 1 : 1.5);

/** The least and greatest value of the lines; (-1, 1) where they have none. */
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

/** A line as Plotly draws it by itself. */
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

/**
 * For each line two points on the edges, enough for Plotly to make its path element; and a dot for each line's newest point. The painter
 * (line-painter.ts) puts them in their places.
 */
export const standIns = (
	lines: readonly Line[],
	x: Range,
	y: Range,
): Partial<Data>[] => [
	...lines.map((line) => trace(line, x, y)),
	{
		type: "scatter",
		mode: "markers",
		x: lines.map(() => x[0]),
		y: lines.map(() => y[0]),
		hoverinfo: "skip",
		marker: {
			size: 6,
			color: lines.map(({ colour }) => colour),
			opacity: lines.map(({ opacity }) => opacity),
		},
	},
];
