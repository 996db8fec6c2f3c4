/**
 * Which time the charts show: a live window, which ends at the clock, or a fixed range.
 *
 * One key's wrong clock moves nothing: the live edge is the server's clock. A stream that lies in
 * the past would then never be visible, so its edge is its newest time.
 */
import { niceStep, type Range } from "../../chart/ranges.ts";
import { SPAN_MIN_MS, within, zoomLimit } from "../../chart/zoom.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The windows to choose from. */
export const WINDOWS: readonly (readonly [ms: number, name: string])[] = [
	[MINUTE, "1 min"],
	[5 * MINUTE, "5 min"],
	[10 * MINUTE, "10 min"],
	[HOUR, "1 h"],
	[6 * HOUR, "6 h"],
	[DAY, "1 day"],
	[7 * DAY, "1 week"],
	[30 * DAY, "30 days"],
	[365 * DAY, "1 year"],
	[3_652 * DAY, "10 years"],
];
export const WINDOW_MIN_MS = MINUTE;
/** As far back as the protocol lets a client ask: a hundred years. */
export const WINDOW_MAX_MS = 3_155_760_000_000;

/** Without a choice, the window has room for about this many of the stream's intervals. */
const AUTO_INTERVALS = 60;
const AUTO_MIN_MS = 5 * MINUTE;

export type TimeChoice =
	/** A window that fits the stream's usual interval. */
	| { kind: "auto" }
	/** Everything that the page holds. */
	| { kind: "all" }
	| { kind: "window"; ms: number }
	| { kind: "fixed"; fromMs: number; toMs: number };

/** What the page knows of the stream's times. Infinite while there are no points. */
export interface Extent {
	oldestMs: number;
	newestMs: number;
	/** The server's clock. */
	nowMs: number;
	/** The usual interval of the shown keys; infinite while unknown. */
	intervalMs: number;
}

function autoWindowMs(intervalMs: number): number {
	if (!Number.isFinite(intervalMs)) return AUTO_MIN_MS;
	const wanted = Math.max(AUTO_MIN_MS, intervalMs * AUTO_INTERVALS);
	const fit = WINDOWS.find(([ms]) => ms >= wanted) ?? WINDOWS.at(-1);
	return fit?.[0] ?? AUTO_MIN_MS;
}

/** Room at the right edge, as a fraction of the window, so that the newest points are visible. */
const EDGE_ROOM = 0.01;
/** The range of everything grows in steps of about this fraction, so that it rarely changes. */
const ALL_STEP = 0.02;

/** Whether nothing of the stream is as new as the live window. */
export const isPast = (
	{ newestMs, nowMs }: Pick<Extent, "newestMs" | "nowMs">,
	windowMs: number,
): boolean => Number.isFinite(newestMs) && newestMs < nowMs - windowMs;

/** The visible range. */
export function visibleRange(choice: TimeChoice, extent: Extent): Range {
	if (choice.kind === "fixed") return [choice.fromMs, choice.toMs];
	if (choice.kind === "all" && Number.isFinite(extent.oldestMs))
		return everything(extent);
	const ms =
		choice.kind === "window" ? choice.ms : autoWindowMs(extent.intervalMs);
	const past = isPast(extent, ms);
	// Nothing comes any more: no room is kept for it.
	if (choice.kind === "auto" && past && extent.newestMs - extent.oldestMs < ms)
		return everything(extent);
	const edge = past ? extent.newestMs : extent.nowMs;
	const to = edge + ms * EDGE_ROOM;
	return [to - ms, to];
}

function everything(extent: Extent): Range {
	const { oldestMs, newestMs, nowMs } = extent;
	const past = isPast(extent, AUTO_MIN_MS);
	const edge = past ? newestMs : Math.max(newestMs, nowMs);
	const span = Math.max(WINDOW_MIN_MS, edge - oldestMs);
	const step = niceStep(span * ALL_STEP);
	const to = (Math.floor(edge / step) + 1) * step;
	return [Math.min(to - span, (Math.ceil(oldestMs / step) - 1) * step), to];
}

/** The times with something to show: nothing can be seen beyond. */
export function limitOf(visible: Range, extent: Extent): Range {
	const { oldestMs, newestMs, nowMs } = extent;
	if (!Number.isFinite(oldestMs)) return visible;
	const span = visible[1] - visible[0];
	const edge = isPast(extent, span) ? newestMs : Math.max(newestMs, nowMs);
	return zoomLimit(oldestMs, edge, Math.min(span, AUTO_MIN_MS));
}

/**
 * The range after zooming. factor 0.5: half of it. part: which part of the range stays in its
 * place, from 0 (left) to 1. Zooming out ends at the limit: nothing more is held beyond it.
 */
export function zoomed(
	[from, to]: Range,
	factor: number,
	limit: Range,
	part = 0.5,
): Range {
	const most = Math.max(to - from, limit[1] - limit[0]);
	const span = Math.max(SPAN_MIN_MS, Math.min(most, (to - from) * factor));
	const left = from + (to - from) * part - span * part;
	const next: Range = [left, left + span];
	return factor > 1 ? within(next, limit) : next;
}

/** Moves by a part of the range, but not beyond the limit. */
export function panned([from, to]: Range, part: number, limit: Range): Range {
	const wanted = (to - from) * part;
	const most = Math.max(0, limit[1] - to);
	const least = Math.min(0, limit[0] - from);
	const by = Math.max(least, Math.min(most, wanted));
	return [from + by, to + by];
}
