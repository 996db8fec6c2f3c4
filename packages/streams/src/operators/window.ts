/** The kinds of windows. All are half-open: a window [start, end) does not contain its end. */
import { type Duration, durationMs } from "./duration.ts";

/** A window of a key, ms since 1970. */
export interface Span {
	readonly start: number;
	readonly end: number;
}

export interface TimeWindow {
	readonly kind: "tumbling" | "hopping";
	readonly sizeMs: number;
	readonly advanceMs: number;
}

export interface SessionWindow {
	readonly kind: "session";
	readonly gapMs: number;
}

export type Window = TimeWindow | SessionWindow;

/** A record is in at most this many windows. */
const WINDOWS_MAX = 1_000;

/** Windows of one size, one after the other. They are aligned to 1970-01-01T00:00:00Z. */
export function tumbling(size: Duration): TimeWindow {
	const sizeMs = durationMs(size, "the size of a tumbling window", 1);
	return { kind: "tumbling", sizeMs, advanceMs: sizeMs };
}

/** Windows of one size that begin every `advance`, so that they overlap. Aligned as tumbling. */
export function hopping(size: Duration, advance: Duration): TimeWindow {
	const sizeMs = durationMs(size, "the size of a hopping window", 1);
	const advanceMs = durationMs(advance, "the advance of a hopping window", 1);
	if (advanceMs > sizeMs)
		throw new Error(
			`the advance (${advanceMs} ms) of a hopping window is longer than its size (${sizeMs} ms): records between two windows would be in none`,
		);
	if (sizeMs / advanceMs > WINDOWS_MAX)
		throw new Error(
			`each record would be in ${Math.ceil(sizeMs / advanceMs)} hopping windows, more than ${WINDOWS_MAX}: use a longer advance`,
		);
	return { kind: "hopping", sizeMs, advanceMs };
}

/**
 * Windows of activity: a session ends when its key has had no record for `gap`. Two records of a
 * key less than `gap` apart are in the same session, which ends `gap` after its last record.
 */
export const session = (gap: Duration): SessionWindow => ({
	kind: "session",
	gapMs: durationMs(gap, "the gap of a session window", 1),
});

/** The starts of the windows that contain a time, ascending. */
export function startsOf(
	{ sizeMs, advanceMs }: TimeWindow,
	time: number,
): number[] {
	const starts: number[] = [];
	// Adding 0 makes -0, which JSON does not have, 0.
	let start = Math.floor(time / advanceMs) * advanceMs + 0;
	for (; start > time - sizeMs; start -= advanceMs) starts.push(start);
	return starts.reverse();
}

/** The window as the stage's configuration, which its states depend on. */
export const describeWindow = (window: Window): string =>
	window.kind === "session"
		? `session ${window.gapMs}`
		: `${window.kind} ${window.sizeMs} ${window.advanceMs}`;
