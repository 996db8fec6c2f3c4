/** The picture: the store and the view in, what Plotly draws out. No DOM, no React. */
import type { Config, Data, Layout } from "plotly.js";
import type { LiveStore } from "../stream/live-store.ts";
import type { ShownDevices } from "../view/shown-devices.ts";
import type { View } from "../view/view.ts";
import { lineColour, type Theme } from "./colours.ts";
import { decimate, type Series } from "./decimate.ts";
import { baseAxis, baseLayout } from "./layout.ts";
import { movingRange, type Range, valueRange } from "./ranges.ts";
import { timeStep, timeTicks, valueTicks } from "./ticks.ts";

/** Points of all lines together, at most: more than 50 lines of 600, and drawn within a frame's time (pnpm bench:page). */
const POINTS_DRAWN_MAX = 40_000;

const WIDE_LINES_MAX = 12;

/** Laid out so much ahead of what is seen, as a part of the window: Plotly leaves a tick on the very edge without its grid line. */
const AHEAD = 0.01;

export interface Size {
	width: number;
	height: number;
}

export interface Ink {
	theme: Theme;
	text: string;
	grid: string;
	font: string;
	ground: string;
	/** Of the ensemble: what was measured, and what theory says. #rrggbb */
	accent: string;
	theory: string;
}

export interface Figure {
	/** What Plotly lays out: a stand-in for each line, in the order of `lines`, and their heads. */
	data: Partial<Data>[];
	layout: Partial<Layout>;
	/** Two figures of the same key differ in the lines' points only: Plotly need not lay the second out. */
	key: string;
	/** The range of time that was laid out: the painter moves it to `x`. */
	laidX: Range;
	lines: Line[];
	x: Range;
	y: Range;
}

export interface Line {
	device: number;
	deviceId: string;
	colour: string;
	opacity: number;
	width: number;
	series: Series;
}

export const CONFIG: Partial<Config> = {
	displayModeBar: false,
	doubleClick: false,
	scrollZoom: false,
	showTips: false,
};

export interface Scene {
	store: LiveStore;
	shown: ShownDevices;
	view: View;
	size: Size;
	ink: Ink;
	/** Whether dragging zooms: not with a finger, which scrolls the page. */
	dragZooms: boolean;
	/** What the time is between events, ms since the newest one came; 0: time moves with the events only. */
	sinceMs: number;
	/** The last frame's figure: its range of values stays while it fits, its layout while its key does. */
	previous: Figure | undefined;
}

export function buildFigure(scene: Scene): Figure {
	const { store, shown, view, size } = scene;
	const newestMs = view.paused?.newestMs ?? store.newestMs;
	const x = seenRange(scene);
	const buckets = bucketsFor(shown.indices.length, size.width);
	const lines = shown.indices.flatMap((device): Line[] => {
		const ring = store.paths[device]?.ring;
		if (!ring || ring.length === 0) return [];
		const until = view.paused ? Math.min(newestMs, x[1]) : x[1];
		const series = decimate(ring, x[0], until, buckets);
		return [{ ...lineOf(scene, device), series }];
	});
	const y = view.zoom?.y ?? valueRange(...extent(lines), scene.previous?.y);
	const key = keyOf(scene, lines, x, y);
	const { previous } = scene;
	if (previous?.key === key) return { ...previous, lines, x };
	const aheadMs = view.zoom ? 0 : (x[1] - x[0]) * AHEAD;
	const laidX: Range = [x[0] + aheadMs, x[1] + aheadMs];
	const data = lines.map((line) => standIn(line, laidX, y));
	data.push(heads(lines, laidX, y));
	return { data, lines, x, y, layout: layoutOf(scene, laidX, y), key, laidX };
}

/** What is seen of time: what was zoomed to, else the newest. */
export function seenRange({
	store,
	view,
	sinceMs,
}: Pick<Scene, "store" | "view" | "sinceMs">): Range {
	if (view.zoom) return view.zoom.x;
	const { newestMs } = view.paused ?? store;
	return movingRange(
		Number.isFinite(newestMs) ? newestMs : Date.now(),
		view.paused ? 0 : sinceMs,
		view.windowMs,
	);
}

const timeTicksMost = ({ width }: Size): number => (width < 480 ? 4 : 8);

/** What Plotly must lay out anew for: a tick of time comes in at the right edge, or anything but time changes. */
function keyOf(
	{ view, size, ink, dragZooms }: Scene,
	lines: readonly Line[],
	x: Range,
	y: Range,
): string {
	const tick = Math.floor(x[1] / timeStep(x, timeTicksMost(size)));
	const time = view.zoom ? x : [tick, view.windowMs];
	return JSON.stringify([time, y, size, ink, dragZooms, lines.map(styleOf)]);
}

const bucketsFor = (lines: number, width: number): number =>
	Math.max(
		50,
		Math.min(
			Math.floor(width),
			Math.floor(POINTS_DRAWN_MAX / (2 * lines || 1)),
		),
	);

/** The least and greatest value of the lines; (-1, 1) where they have none. */
function extent(lines: readonly Line[]): [number, number] {
	let low = Number.POSITIVE_INFINITY;
	let high = Number.NEGATIVE_INFINITY;
	for (const { series } of lines)
		for (const value of series.value) {
			if (value < low) low = value;
			if (value > high) high = value;
		}
	return low <= high ? [low, high] : [-1, 1];
}

/** While one path is highlighted the others step back. */
function lineOf(
	{ store, shown, view, ink }: Scene,
	device: number,
): Omit<Line, "series"> {
	const { highlighted } = view;
	return {
		device,
		deviceId: store.devices[device]?.deviceId ?? "",
		colour: lineColour(shown.slot(device), ink.theme),
		opacity: highlighted === undefined || highlighted === device ? 1 : 0.25,
		width: highlighted === device ? 2.5 : lineWidth(shown.indices.length),
	};
}

/**
 * Many lines are hairlines: easier to tell apart, and where no GPU helps, the browser draws 50 hairlines of 600 points in a quarter of the
 * time that wider ones take. It was most of the frame by then.
 */
const lineWidth = (lines: number): number => (lines > WIDE_LINES_MAX ? 1 : 1.5);

const styleOf = ({ device, colour, opacity, width }: Line) => [
	device,
	colour,
	opacity,
	width,
];

/** A line as Plotly draws it by itself. */
export const trace = (
	{ colour, opacity, width }: Line,
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

/** Two points on the edges: enough for Plotly to make the line's path element. */
const standIn = (line: Line, x: Range, y: Range): Partial<Data> =>
	trace(line, x, y);

/** A dot for each line's newest point; the painter puts them in their places. */
const heads = (lines: readonly Line[], x: Range, y: Range): Partial<Data> => ({
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
});

function layoutOf(
	{ size, ink, dragZooms }: Scene,
	x: Range,
	y: Range,
): Partial<Layout> {
	const times = timeTicks(x, timeTicksMost(size));
	const axis = { ...baseAxis(ink), fixedrange: !dragZooms };
	const values = valueTicks(y);
	return {
		...baseLayout(size, ink),
		dragmode: dragZooms ? "zoom" : false,
		xaxis: {
			...axis,
			range: [...x],
			tickvals: times.values,
			ticktext: times.words,
		},
		yaxis: {
			...axis,
			range: [...y],
			tickvals: values.values,
			ticktext: values.words,
		},
	};
}
