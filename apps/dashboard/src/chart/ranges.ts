/**
 * The ranges of the axes. We compute them and move them in steps, so that they do not jitter, and
 * Plotly need not compute an autorange for each frame.
 */
export type Range = readonly [low: number, high: number];

/** Steps per window: the right edge moves by one step at a time. */
const WINDOW_STEPS = 60;

/** The window that ends at the first step at or after the newest event. */
export function timeRange(newestMs: number, windowMs: number): Range {
	const stepMs = windowMs / WINDOW_STEPS;
	const right = Math.ceil(newestMs / stepMs) * stepMs;
	return [right - windowMs, right];
}

/** Room for the dots at the lines' ends, as a fraction of the window. */
const HEAD_ROOM = 0.006;
/**
 * Without events, time moves on for this fraction of the window. Then the picture stops, and the
 * status line says why.
 */
const SILENT_PART = 1 / 20;

/**
 * The smoothly moving window: its right edge is the newest event time plus the time that has passed
 * here since that event arrived.
 */
export function movingRange(
	newestMs: number,
	sinceMs: number,
	windowMs: number,
): Range {
	const passedMs = Math.max(0, Math.min(sinceMs, windowMs * SILENT_PART));
	const right = newestMs + passedMs + windowMs * HEAD_ROOM;
	return [right - windowMs, right];
}

/** The smallest 1, 2 or 5 times a power of ten that is at least x. */
export function niceStep(x: number): number {
	const power = 10 ** Math.floor(Math.log10(x));
	const nice = [1, 2, 5, 10].find((n) => n * power >= x * (1 - 1e-12)) ?? 10;
	return nice * power;
}

/**
 * A range has about this many steps: few enough that it rarely changes, and enough that the picture
 * is not half empty.
 */
const INTERVALS = 10;

/**
 * A range of whole nice steps around low..high. It is kept while the data fill it well enough: it
 * grows when they leave it, and shrinks only when they use less than half of it.
 */
export function valueRange(
	low: number,
	high: number,
	previous: Range | undefined,
): Range {
	if (previous) {
		const [from, to] = previous;
		if (low >= from && high <= to && high - low > (to - from) / 2)
			return previous;
	}
	const extent = extentOf(low, high);
	const margin = extent / 10;
	const step = niceStep((extent + 2 * margin) / INTERVALS);
	const fit: Range = [
		Math.floor((low - margin) / step) * step,
		Math.ceil((high + margin) / step) * step,
	];
	return previous && previous[0] === fit[0] && previous[1] === fit[1]
		? previous
		: fit;
}

/** Below this, doubles lose digits. */
const EXTENT_MIN = 1e-300;
/** Above this, the distance of two doubles overflows. */
const EXTENT_MAX = 1e300;

/**
 * The distance between low and high, within limits: large enough for doubles to represent the axis'
 * steps, and small enough not to overflow.
 */
function extentOf(low: number, high: number): number {
	const size = Math.max(Math.abs(low), Math.abs(high));
	if (high === low) return Math.max(EXTENT_MIN, (size || 1) / 5);
	return Math.min(EXTENT_MAX, Math.max(high - low, size * 1e-9, EXTENT_MIN));
}
