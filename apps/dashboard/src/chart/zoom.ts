/** The part of the picture that a person has chosen to see: from Plotly's dragging, and from keys and buttons. */
import type { Layout, PlotRelayoutEvent } from "plotly.js";
import type { Zoom } from "../view/view.ts";
import type { Range } from "./ranges.ts";

/** Closer than this the axes have no words left. */
const SPAN_MIN_MS = 100;

/** The zoom after Plotly's relayout, or undefined where it was about something else. layout: of the plot. */
export function zoomOf(
	event: PlotRelayoutEvent,
	layout: Partial<Layout> | undefined,
): Zoom | undefined {
	if (!Object.keys(event).some((name) => /^[xy]axis\.range/.test(name)))
		return undefined;
	const x = rangeOf(layout?.xaxis?.range);
	const y = rangeOf(layout?.yaxis?.range);
	return x && y ? { x: widened(x), y } : undefined;
}

const rangeOf = (range: unknown): Range | undefined => {
	if (!Array.isArray(range)) return undefined;
	const [a, b] = range.map(Number) as [number, number];
	return Number.isFinite(a) && Number.isFinite(b) && a !== b
		? [Math.min(a, b), Math.max(a, b)]
		: undefined;
};

const widened = (x: Range): Range => {
	const lacking = Math.max(0, SPAN_MIN_MS - (x[1] - x[0]));
	return [x[0] - lacking / 2, x[1] + lacking / 2];
};

/** Around the middle of what is seen; factor 0.5: half as much of it. */
export function scaled({ x, y }: Zoom, factor: number): Zoom {
	const around = ([low, high]: Range): Range => {
		const middle = (low + high) / 2;
		const half = ((high - low) / 2) * factor;
		return [middle - half, middle + half];
	};
	return { x: widened(around(x)), y: around(y) };
}

/** Moved by a part of what is seen, to the right and up. */
export function moved({ x, y }: Zoom, right: number, up: number): Zoom {
	const by = ([low, high]: Range, part: number): Range => {
		const step = (high - low) * part;
		return [low + step, high + step];
	};
	return { x: by(x, right), y: by(y, up) };
}
