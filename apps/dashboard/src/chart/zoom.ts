/** The part of the picture that the user has zoomed to, by dragging in Plotly, keys or buttons. */
import type { Layout, PlotRelayoutEvent } from "plotly.js";
import type { Zoom } from "../view/view.ts";
import type { Range } from "./ranges.ts";

/** The shortest span of time: with a shorter one the axis' labels would no longer differ. */
export const SPAN_MIN_MS = 100;
/**
 * The smallest span of values, relative to them: below it, doubles cannot represent the axis'
 * steps.
 */
const VALUES_SPAN_MIN = 1e-9;
/** How far one can zoom out beyond the data, so that its ends are visible. */
const LIMIT_MARGIN = 0.05;

/**
 * The zoom after Plotly's relayout event; undefined if the event was about something else. layout:
 * the plot's.
 */
export function zoomOf(
	event: PlotRelayoutEvent,
	layout: Partial<Layout> | undefined,
): Zoom | undefined {
	if (!Object.keys(event).some((name) => /^[xy]axis\.range/.test(name)))
		return undefined;
	const x = rangeOf(layout?.xaxis?.range);
	const y = rangeOf(layout?.yaxis?.range);
	return x && y ? { x: widened(x), y: countable(y) } : undefined;
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

const countable = (y: Range): Range => {
	const size = Math.max(Math.abs(y[0]), Math.abs(y[1]), 1e-3);
	const lacking = Math.max(0, size * VALUES_SPAN_MIN - (y[1] - y[0]));
	return [y[0] - lacking / 2, y[1] + lacking / 2];
};

/**
 * The times with something to show: from the oldest point held to the newest, or the live window if
 * that is longer.
 */
export function zoomLimit(
	oldestMs: number,
	newestMs: number,
	windowMs: number,
): Range {
	const to = Number.isFinite(newestMs) ? newestMs : Date.now();
	const from = Math.min(oldestMs, to - windowMs);
	const margin = (to - from) * LIMIT_MARGIN;
	return [from - margin, to + margin];
}

/**
 * Zooms around the middle of the visible range; factor 0.5: half of it. Zooming out stops at the
 * limit: there are no data beyond. At the limit the zoom does not change.
 */
export function scaled(zoom: Zoom, factor: number, limit?: Range): Zoom {
	const { x, y } = zoom;
	const most =
		limit === undefined
			? Number.POSITIVE_INFINITY
			: (limit[1] - limit[0]) / (x[1] - x[0]);
	const by = factor > 1 ? Math.max(1, Math.min(factor, most)) : factor;
	if (by === 1) return zoom;
	const around = ([low, high]: Range): Range => {
		const middle = (low + high) / 2;
		const half = ((high - low) / 2) * by;
		return [middle - half, middle + half];
	};
	const seen = widened(around(x));
	return {
		x: factor > 1 && limit !== undefined ? within(seen, limit) : seen,
		y: countable(around(y)),
	};
}

/** Moves the range inside if it sticks out on one side only. */
export function within([from, to]: Range, [low, high]: Range): Range {
	const by = Math.max(0, low - from) - Math.max(0, to - high);
	return [from + by, to + by];
}

/** Moves by a fraction of the visible range, to the right and up. */
export function moved({ x, y }: Zoom, right: number, up: number): Zoom {
	const by = ([low, high]: Range, part: number): Range => {
		const step = (high - low) * part;
		return [low + step, high + step];
	};
	return { x: by(x, right), y: by(y, up) };
}
