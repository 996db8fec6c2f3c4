/** The picture: the store and the view in, what Plotly draws out. No DOM, no React. */
import type { Config, Data, Layout } from "plotly.js";
import type { LiveStore } from "../stream/live-store.ts";
import type { ShownDevices } from "../view/shown-devices.ts";
import type { View } from "../view/view.ts";
import { lineColour, type Theme } from "./colours.ts";
import { decimate, type Series } from "./decimate.ts";
import { type Range, timeRange, valueRange } from "./ranges.ts";
import { timeTicks, valueTicks } from "./ticks.ts";

/** Points of all lines together, at most: what Plotly draws within some 40 ms. */
const POINTS_DRAWN_MAX = 12_000;

export const MARGIN = { l: 58, r: 24, t: 14, b: 34 } as const;

export interface Size {
	width: number;
	height: number;
}

export interface Ink {
	theme: Theme;
	text: string;
	grid: string;
	font: string;
}

export interface Figure {
	data: Partial<Data>[];
	layout: Partial<Layout>;
	/** What each line shows, in the order of `data`, for hovering. */
	lines: { device: number; series: Series }[];
	x: Range;
	y: Range;
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
	/** The last frame's range of values, which stays while it fits. */
	previousY: Range | undefined;
}

export function buildFigure(scene: Scene): Figure {
	const { store, shown, view, size, ink } = scene;
	const newestMs = view.paused?.newestMs ?? store.newestMs;
	const x = timeRange(
		Number.isFinite(newestMs) ? newestMs : Date.now(),
		view.windowMs,
	);
	const buckets = bucketsFor(shown.indices.length, size.width);
	const lines = shown.indices.flatMap((device) => {
		const ring = store.paths[device]?.ring;
		if (!ring || ring.length === 0) return [];
		const until = view.paused ? newestMs : x[1];
		return [{ device, series: decimate(ring, x[0], until, buckets) }];
	});
	const y = valueRange(...extent(lines), scene.previousY);
	const data = lines.map(({ device, series }) => line(scene, device, series));
	data.push(heads(scene, lines));
	return { data, lines, x, y, layout: layout(size, ink, x, y) };
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
function extent(lines: Figure["lines"]): [number, number] {
	let low = Number.POSITIVE_INFINITY;
	let high = Number.NEGATIVE_INFINITY;
	for (const { series } of lines)
		for (const value of series.value) {
			if (value < low) low = value;
			if (value > high) high = value;
		}
	return low <= high ? [low, high] : [-1, 1];
}

const colourOf = ({ shown, ink }: Scene, device: number): string =>
	lineColour(shown.slot(device), ink.theme);

/** While one path is highlighted the others step back. */
const opacityOf = ({ view }: Scene, device: number): number =>
	view.highlighted === undefined || view.highlighted === device ? 1 : 0.25;

function line(scene: Scene, device: number, series: Series): Partial<Data> {
	const { highlighted } = scene.view;
	return {
		type: "scatter",
		mode: "lines",
		x: series.time,
		y: series.value,
		hoverinfo: "none",
		opacity: opacityOf(scene, device),
		line: {
			color: colourOf(scene, device),
			width: highlighted === device ? 2.5 : 1.5,
		},
	};
}

/** A dot at each line's newest point. */
function heads(scene: Scene, lines: Figure["lines"]): Partial<Data> {
	const last = lines.map(({ series }) => series.time.length - 1);
	return {
		type: "scatter",
		mode: "markers",
		x: lines.map(({ series }, i) => series.time[last[i] as number] as number),
		y: lines.map(({ series }, i) => series.value[last[i] as number] as number),
		hoverinfo: "skip",
		marker: {
			size: 6,
			color: lines.map(({ device }) => colourOf(scene, device)),
			opacity: lines.map(({ device }) => opacityOf(scene, device)),
		},
	};
}

function layout(size: Size, ink: Ink, x: Range, y: Range): Partial<Layout> {
	const phone = size.width < 480;
	const axis = {
		// Given, or Plotly would look for dates in the data of each frame.
		type: "linear",
		ticklabeloverflow: "allow",
		fixedrange: true,
		autorange: false,
		zeroline: false,
		gridcolor: ink.grid,
		tickmode: "array",
		ticks: "",
	} as const;
	const times = timeTicks(x, phone ? 4 : 8);
	const values = valueTicks(y);
	return {
		...size,
		autosize: false,
		margin: { ...MARGIN, pad: 4 },
		paper_bgcolor: "transparent",
		plot_bgcolor: "transparent",
		font: { family: ink.font, size: 12, color: ink.text },
		showlegend: false,
		hovermode: "closest",
		hoverdistance: 30,
		dragmode: false,
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
