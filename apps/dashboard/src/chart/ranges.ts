/**
 * The axes' ranges: computed by us and moved in steps, so that they neither jitter nor cost Plotly an autorange for each frame.
 */
export type Range = readonly [low: number, high: number];

/** Steps of a window: the right edge moves by one of them at a time. */
const WINDOW_STEPS = 60;

/** The window that ends at the first step at or after the newest event. */
export function timeRange(newestMs: number, windowMs: number): Range {
	const stepMs = windowMs / WINDOW_STEPS;
	const right = Math.ceil(newestMs / stepMs) * stepMs;
	return [right - windowMs, right];
}

/** Room for the dots at the lines' ends, as a part of the window. */
const HEAD_ROOM = 0.006;
/** Time goes on for so much of the window without an event; then the picture stands still, and the state line says why. */
const SILENT_PART = 1 / 20;

/**
 * The window that moves on calmly: its right edge is the newest event time, and the time that has passed here since it came.
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

/** 1, 2 or 5 times a power of ten: the smallest at or above x. */
export function niceStep(x: number): number {
	const power = 10 ** Math.floor(Math.log10(x));
	const nice = [1, 2, 5, 10].find((n) => n * power >= x * (1 - 1e-12)) ?? 10;
	return nice * power;
}

/** A range is about so many steps: few enough to stay for a while, enough not to leave the picture half empty. */
const INTERVALS = 10;

/**
 * A range of whole nice steps around low..high. It stays as it was while the data fill it well enough: it grows when they leave it, and shrinks
 * only when they use less than half of it.
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

/** What there is between low and high: at least so much that doubles can count in its steps, at most so much that they do not overflow. */
function extentOf(low: number, high: number): number {
	const size = Math.max(Math.abs(low), Math.abs(high));
	if (high === low) return Math.max(size, 1) / 5;
	return Math.min(1e300, Math.max(high - low, size * 1e-9, 1e-12));
}
