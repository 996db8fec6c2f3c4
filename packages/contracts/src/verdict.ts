/** Decides what happens to a tick that follows its device's last applied one. */

/** A device's progress: its last applied tick. */
export interface LastApplied {
	readonly seq: number;
	/** Event time, ms since 1970. */
	readonly timestamp: number;
}

/** A time as ISO text, or the plain number if it is outside the range of a Date. */
export function showTime(timestamp: number): string {
	const time = new Date(timestamp);
	return Number.isNaN(time.getTime()) ? String(timestamp) : time.toISOString();
}

/**
 * apply: the next step of the path. repeat: seen before; it is counted and skipped. The others: the
 * tick is refused with that code.
 */
export type Verdict =
	| "apply"
	| "repeat"
	| "clock-restarted"
	| "time-not-increasing";

/**
 * Judges a tick by its device's last applied one.
 *
 * Both seq and time must rise. One alone is not enough: a clock that lost its state counts from 0
 * again at later times. If its ticks counted as repeats, the device would be silent for as long as
 * the clock had run before.
 *
 * @param previous undefined before the device's first tick
 */
export function verdict(
	previous: LastApplied | undefined,
	tick: LastApplied,
): Verdict {
	if (previous === undefined) return "apply";
	const later = tick.timestamp > previous.timestamp;
	if (tick.seq <= previous.seq) return later ? "clock-restarted" : "repeat";
	return later ? "apply" : "time-not-increasing";
}
