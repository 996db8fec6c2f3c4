/**
 * The open windows of one key, sorted by start: pure functions that never change the windows they
 * get. The two kinds of windows differ only in what happens when a record comes.
 */
import {
	type SessionWindow,
	type Span,
	startsOf,
	type TimeWindow,
} from "./window.ts";

export interface OpenWindow<A> extends Span {
	readonly value: A;
}

/** What a record does to the open windows of its key. */
export interface Added<A> {
	readonly windows: readonly OpenWindow<A>[];
	/** The windows that have the record now. */
	readonly changed: readonly OpenWindow<A>[];
	/** The windows that it came too late for. */
	readonly missed: readonly Span[];
}

export interface Aggregate<A> {
	initial(): A;
	add(value: A): A;
	/** Of the earlier and the later session. */
	merge(a: A, b: A): A;
}

/** A window takes records until the clock reaches its end plus the grace. */
export function addToTimeWindows<A>(
	windows: readonly OpenWindow<A>[],
	window: TimeWindow,
	time: number,
	openAfter: number,
	{ initial, add }: Aggregate<A>,
): Added<A> {
	const result = [...windows];
	const changed: OpenWindow<A>[] = [];
	const missed: Span[] = [];
	for (const start of startsOf(window, time)) {
		const end = start + window.sizeMs;
		if (end <= openAfter) {
			missed.push({ start, end });
			continue;
		}
		let i = result.length;
		while (i > 0 && (result[i - 1] as Span).start > start) i--;
		const old = result[i - 1];
		const found = old !== undefined && old.start === start;
		const next = { start, end, value: add(found ? old.value : initial()) };
		result.splice(found ? i - 1 : i, found ? 1 : 0, next);
		changed.push(next);
	}
	return { windows: result, changed, missed };
}

/**
 * A record is late if its time is behind the clock by more than the grace, unless it lies within an
 * open session of its key. Then no record that is taken can belong to a session that was closed:
 * such a session ends at or before every time that is still taken.
 */
export function addToSessions<A>(
	windows: readonly OpenWindow<A>[],
	{ gapMs }: SessionWindow,
	time: number,
	openAfter: number,
	{ initial, add, merge }: Aggregate<A>,
): Added<A> {
	const end = time + gapMs;
	const late =
		time < openAfter &&
		!windows.some((open) => open.start <= time && time < open.end);
	if (late) return { windows, changed: [], missed: [{ start: time, end }] };
	const touches = (open: Span) => open.start < end && time < open.end;
	const first = windows.findIndex(touches);
	const joined = windows.filter(touches);
	const value = add(
		joined.length === 0
			? initial()
			: joined.map((open) => open.value).reduce(merge),
	);
	const next = {
		start: Math.min(time, ...joined.map((open) => open.start)),
		end: Math.max(end, ...joined.map((open) => open.end)),
		value,
	};
	const at =
		first >= 0 ? first : windows.filter((open) => open.start < time).length;
	const result = [...windows];
	result.splice(at, joined.length, next);
	return { windows: result, changed: [next], missed: [] };
}
