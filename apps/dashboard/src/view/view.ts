/** What the user has chosen to look at. */
import type { Range } from "../chart/ranges.ts";

export const WINDOWS_MS = [60_000, 300_000, 600_000, 3_600_000] as const;
/** The window that a middleware sends by default; a longer one must be requested. */
export const SNAPSHOT_WINDOW_MS = 600_000;

/**
 * Paths drawn at a time, unless the user chooses them one by one. More would be unreadable, and
 * Plotly slows down.
 */
export const SHOWN_MAX = 20;
export const CHOSEN_MAX = 50;

export type Selection =
	| { kind: "first" }
	/** With CHOSEN_MAX devices or fewer; more are only shown as an ensemble. */
	| { kind: "all" }
	| { kind: "movers" }
	| { kind: "chosen"; deviceIds: readonly string[] };

export interface Zoom {
	x: Range;
	y: Range;
}

export interface View {
	/** Single paths, all devices at once, or single paths of two engines side by side. */
	kind: "paths" | "ensemble" | "engines";
	windowMs: number;
	selection: Selection;
	/** Drawn stronger than the others. */
	highlighted: number | undefined;
	/** While paused: the event time at the right edge, and how many events there were. */
	paused: { newestMs: number; events: number } | undefined;
	/** A part of the picture that stays fixed while data stream in; undefined: the newest. */
	zoom: Zoom | undefined;
}

export const FIRST_VIEW: View = {
	kind: "paths",
	windowMs: 300_000,
	selection: { kind: "first" },
	highlighted: undefined,
	paused: undefined,
	zoom: undefined,
};

/** Keeps more than is visible: a step of the axis, and room for devices that are behind. */
const KEEP_MORE = 1.2;

/** What the page must keep for this view; see LiveStore. */
export function toKeep({ windowMs, paused, zoom }: View) {
	const from = [
		...(paused ? [paused.newestMs - KEEP_MORE * windowMs] : []),
		...(zoom ? [zoom.x[0]] : []),
	];
	return {
		keepMs: KEEP_MORE * Math.max(windowMs, SNAPSHOT_WINDOW_MS),
		holdFromMs: Math.min(Number.POSITIVE_INFINITY, ...from),
	};
}
