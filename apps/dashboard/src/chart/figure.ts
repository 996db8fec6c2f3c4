/**
 * Builds the picture: takes the store and the view, returns what Plotly draws. No DOM, no React.
 */
import type { Data, Layout } from "plotly.js";
import { type Labels, withUnit } from "../stream/labels.ts";
import type { LiveStore } from "../stream/live-store.ts";
import type { Shown } from "../view/shown-devices.ts";
import type { View } from "../view/view.ts";
import { decimate } from "./decimate.ts";
import {
	type Area,
	baseAxis,
	baseLayout,
	heading,
	type Ink,
	plotArea,
	type Size,
} from "./layout.ts";
import { extent, type Line, placeholders, styleOf } from "./lines.ts";
import { movingRange, type Range, valueRange } from "./ranges.ts";
import { valueTicks } from "./ticks.ts";
import { lastTimeTick, timeTicks } from "./time-ticks.ts";

/**
 * The most points of all lines together: more than 50 lines of 600 points, and drawn within a
 * frame's time (pnpm bench:page).
 */
const POINTS_DRAWN_MAX = 40_000;

/**
 * The layout extends this far beyond the visible range, as a fraction of the window. Without it,
 * Plotly leaves out the grid line of a tick exactly at the edge.
 */
const AHEAD = 0.01;

export interface Figure {
	/**
	 * What Plotly lays out: a placeholder for each line, in the order of `lines`, and the lines'
	 * end dots.
	 */
	data: Partial<Data>[];
	layout: Partial<Layout>;
	/**
	 * Two figures with the same key differ only in the lines' points: Plotly need not lay out the
	 * second one.
	 */
	key: string;
	/** The range of time that was laid out. The painter moves it to `x`. */
	laidX: Range;
	lines: Line[];
	x: Range;
	y: Range;
	area: Area;
}

/** What pictures side by side share. */
export interface Axes extends Pick<LiveStore, "newestMs" | "newestCameMs"> {
	/**
	 * The range of values for all pictures, given that the lines of this one reach from low to
	 * high.
	 */
	values(of: LiveStore, low: number, high: number): Range;
}

export interface Scene {
	store: LiveStore;
	/** Set if there is more than one picture. */
	axes?: Axes | undefined;
	labels: Labels;
	shown: Shown;
	view: View;
	size: Size;
	ink: Ink;
	/** Whether dragging zooms. Not with a finger, which scrolls the page. */
	dragZooms: boolean;
	/**
	 * Moves the time between events: ms since the newest event arrived. 0: time moves only with the
	 * events.
	 */
	sinceMs: number;
	/**
	 * The last frame's figure. Its range of values is kept while it fits, its layout while its key
	 * is the same.
	 */
	previous: Figure | undefined;
}

export function buildFigure(scene: Scene): Figure {
	const { store, axes, view, size, previous } = scene;
	const x = seenRange(scene);
	const lines = linesOf(scene, x);
	const y =
		view.zoom?.y ??
		axes?.values(store, ...extent(lines)) ??
		valueRange(...extent(lines), previous?.y);
	const key = keyOf(scene, lines, x, y);
	if (previous?.key === key) return { ...previous, lines, x };
	const aheadMs = view.zoom ? 0 : (x[1] - x[0]) * AHEAD;
	const laidX: Range = [x[0] + aheadMs, x[1] + aheadMs];
	const area = plotArea(size, scene.labels.named);
	const data = placeholders(lines, laidX, y);
	const layout = layoutOf(scene, laidX, y);
	return { data, lines, x, y, layout, key, laidX, area };
}

/** The visible range of time: the zoomed range, or else the newest. */
export function seenRange({
	store,
	axes = store,
	view,
	sinceMs,
}: Pick<Scene, "view" | "sinceMs"> & {
	store: Pick<LiveStore, "newestMs">;
	axes?: Pick<LiveStore, "newestMs"> | undefined;
}): Range {
	if (view.zoom) return view.zoom.x;
	const { newestMs } = view.paused ?? axes;
	return movingRange(
		Number.isFinite(newestMs) ? newestMs : Date.now(),
		view.paused ? 0 : sinceMs,
		view.windowMs,
	);
}

function linesOf({ store, shown, view, size, ink }: Scene, x: Range): Line[] {
	const newestMs = view.paused?.newestMs ?? store.newestMs;
	const until = view.paused ? Math.min(newestMs, x[1]) : x[1];
	const buckets = bucketsFor(shown.indices.length, size.width);
	return shown.indices.flatMap((device): Line[] => {
		const ring = store.paths[device]?.ring;
		if (!ring || ring.length === 0) return [];
		const series = decimate(ring, x[0], until, buckets);
		const { highlighted } = view;
		return [
			{ ...styleOf(store, shown, device, highlighted, ink.theme), series },
		];
	});
}

const bucketsFor = (lines: number, width: number): number =>
	Math.max(
		50,
		Math.min(
			Math.floor(width),
			Math.floor(POINTS_DRAWN_MAX / (2 * lines || 1)),
		),
	);

const timeTicksMost = ({ width }: Size): number => (width < 480 ? 4 : 8);

/**
 * The key of a layout. It changes when Plotly must lay out again: when a new time tick appears at
 * the right edge, or anything but time changes.
 */
function keyOf(
	{ view, size, ink, dragZooms, labels }: Scene,
	lines: readonly Line[],
	x: Range,
	y: Range,
): string {
	const tick = lastTimeTick(x, timeTicksMost(size));
	const time = view.zoom ? x : [tick, view.windowMs];
	const styles = lines.map(({ series, deviceId, ...style }) => style);
	return JSON.stringify([time, y, size, ink, dragZooms, labels, styles]);
}

function layoutOf(
	{ size, ink, dragZooms, labels }: Scene,
	x: Range,
	y: Range,
): Partial<Layout> {
	const times = timeTicks(x, timeTicksMost(size));
	const axis = { ...baseAxis(ink), fixedrange: !dragZooms };
	const values = valueTicks(y);
	const title = withUnit(labels.value, labels.valueUnit);
	return {
		...baseLayout(size, ink, labels.named),
		annotations: labels.named ? [heading(title, 0, 1)] : [],
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
