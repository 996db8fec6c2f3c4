/** Which history to ask for, so that small moves need no new question. */
import type { Range } from "../../chart/ranges.ts";

export interface Wanted {
	readonly fromMs: number;
	readonly toMs: number;
	/** Buckets over the whole range. */
	readonly points: number;
}

/** The most buckets of a question: a visible range has about half of them. */
const POINTS_MAX = 4_000;

/**
 * The visible range, extended to whole steps on both sides. A step is a power of two ms, between a
 * quarter and a half of the range. So the same question answers a range after it moved a little.
 */
export function wantedHistory([from, to]: Range, pixels: number): Wanted {
	const span = Math.max(1, to - from);
	const step = 2 ** Math.floor(Math.log2(span / 2));
	const fromMs = Math.floor(from / step) * step;
	const toMs = (Math.floor(to / step) + 1) * step;
	const points = Math.ceil(((toMs - fromMs) / span) * pixels);
	return { fromMs, toMs, points: Math.min(POINTS_MAX, Math.max(1, points)) };
}
