/**
 * Builds the picture of one measure: takes the points and the view, returns what Plotly draws. No
 * DOM, no React.
 */
import type { Data, Layout } from "plotly.js";
import type { Series } from "../../chart/decimate.ts";
import type { Figure } from "../../chart/figure.ts";
import {
	baseAxis,
	baseLayout,
	heading,
	type Ink,
	plotArea,
	type Size,
} from "../../chart/layout.ts";
import { extent, type Line, placeholders } from "../../chart/lines.ts";
import { type Range, timeRange, valueRange } from "../../chart/ranges.ts";
import { valueTicks } from "../../chart/ticks.ts";
import { lastTimeTick, timeTicks } from "../../chart/time-ticks.ts";
import type { Chart } from "../view/view.ts";
import { barsOf } from "./bars.ts";

/** The layout extends this far beyond the visible range: see chart/figure.ts. */
const AHEAD = 0.01;
/** The width of a digit of the labels, and the room next to them. */
const DIGIT_PX = 7.5;
const LABEL_ROOM_PX = 16;
const LEFT_MIN_PX = 58;
const LEFT_MAX_PX = 150;

export interface StreamFigure extends Figure {
	/** What can be pointed at. */
	shown: Line[];
}

/** The room for labels, shared by charts below each other, so that their times are aligned. */
export interface LeftMargin {
	px: number;
}

export interface StreamScene {
	/** The lines to draw in a range of time. */
	lines(x: Range): Line[];
	/** Changes with the points: bars are drawn again. */
	pointsVersion: number;
	/** The usual interval of the keys: the width of a bar. */
	intervalMs: number;
	title: string;
	chart: Chart;
	x: Range;
	/** Whether the range moves with time. */
	live: boolean;
	size: Size;
	ink: Ink;
	left: LeftMargin;
	/** Whether dragging zooms. Not with a finger, which scrolls the page. */
	dragZooms: boolean;
	previous: StreamFigure | undefined;
}

export function buildStreamFigure(scene: StreamScene): StreamFigure {
	const bars = scene.chart === "bars";
	const { live, size, previous } = scene;
	const x =
		bars && live ? timeRange(scene.x[1], scene.x[1] - scene.x[0]) : scene.x;
	const shown = scene.lines(x);
	const [low, high] = extent(shown);
	const y = bars ? barRange(low, high) : valueRange(low, high, previous?.y);
	scene.left.px = Math.max(scene.left.px, leftPxOf(y));
	const lines = bars ? [] : shown;
	const key = keyOf(scene, lines, x, y);
	if (previous?.key === key) return { ...previous, lines, shown, x };
	const aheadMs = live && !bars ? (x[1] - x[0]) * AHEAD : 0;
	const laidX: Range = [x[0] + aheadMs, x[1] + aheadMs];
	const data: Partial<Data>[] = bars
		? [
				...barsOf(shown, scene.intervalMs, (x[1] - x[0]) / size.width),
				// Without any trace, Plotly would draw no axes.
				...placeholders([], laidX, y),
			]
		: placeholders(lines, laidX, y);
	const area = plotArea(size, true, scene.left.px);
	const layout = layoutOf(scene, laidX, y);
	return { data, lines, shown, x, y, layout, key, laidX, area };
}

/** Bars stand on zero. */
function barRange(low: number, high: number): Range {
	const [from, to] = valueRange(Math.min(0, low), Math.max(0, high), undefined);
	return [low >= 0 ? 0 : from, high <= 0 ? 0 : to];
}

const leftPxOf = (y: Range): number => {
	const longest = Math.max(...valueTicks(y).words.map(({ length }) => length));
	const px = Math.ceil(longest * DIGIT_PX + LABEL_ROOM_PX);
	return Math.max(LEFT_MIN_PX, Math.min(LEFT_MAX_PX, px));
};

export const timeTicksMost = ({ width }: Size): number => (width < 480 ? 4 : 8);

/**
 * The key of a layout: see chart/figure.ts. Bars and heat maps are laid out again with each change
 * of the points.
 */
export function keyOf(
	scene: StreamScene,
	lines: readonly Line[],
	x: Range,
	y: Range,
): string {
	const { size, ink, dragZooms, title, left, live } = scene;
	const time = live
		? [lastTimeTick(x, timeTicksMost(size)), x[1] - x[0]]
		: [x, "fixed"];
	const styles = lines.map(({ series, deviceId, ...style }) => style);
	const content =
		scene.chart === "lines" ? [time, styles] : [scene.pointsVersion, x];
	return JSON.stringify([
		scene.chart,
		content,
		y,
		size,
		ink,
		dragZooms,
		title,
		left.px,
	]);
}

function layoutOf(scene: StreamScene, x: Range, y: Range): Partial<Layout> {
	const { size, ink, dragZooms, title, left } = scene;
	const times = timeTicks(x, timeTicksMost(size));
	const values = valueTicks(y);
	const axis = baseAxis(ink);
	return {
		...baseLayout(size, ink, true, left.px),
		annotations: [heading(title, 0, 1)],
		dragmode: dragZooms ? "zoom" : false,
		barmode: "overlay",
		xaxis: {
			...axis,
			fixedrange: !dragZooms,
			range: [...x],
			tickvals: times.values,
			ticktext: times.words,
		},
		yaxis: {
			...axis,
			// Dragging chooses a range of time: the values' range follows from it.
			fixedrange: true,
			range: [...y],
			tickvals: values.values,
			ticktext: values.words,
		},
	};
}

/** Points without a neighbour, twice: a line of no length is drawn as a dot. */
export function withDots(series: Series): {
	series: Series;
	/** Number of such points. */
	alone: number;
} {
	const { value } = series;
	const isAlone = (i: number) =>
		!Number.isNaN(value[i]) &&
		!(i > 0 && !Number.isNaN(value[i - 1])) &&
		!(i + 1 < value.length && !Number.isNaN(value[i + 1]));
	const alone = new Set<number>();
	for (let i = 0; i < value.length; i++) if (isAlone(i)) alone.add(i);
	if (alone.size === 0) return { series, alone: 0 };
	const doubled = (column: Float64Array) =>
		Float64Array.from(
			[...column].flatMap((x, i) => (alone.has(i) ? [x, x] : [x])),
		);
	return {
		series: {
			time: doubled(series.time),
			value: doubled(value),
			seq: doubled(series.seq),
		},
		alone: alone.size,
	};
}
