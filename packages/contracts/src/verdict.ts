/** What becomes of a tick after its device's last applied one. */

/** How far a device has come: its last applied tick. */
export interface LastApplied {
	readonly seq: number;
	/** Event time, ms since 1970. */
	readonly timestamp: number;
}

/** apply: the next step of the path. repeat: seen before, counted and passed over. The others: refused under that code. */
export type Verdict =
	| "apply"
	| "repeat"
	| "clock-restarted"
	| "time-not-increasing";

/**
 * Judges a tick by its device's last applied one.
 *
 * Both seq and time must rise. One alone is not enough: a clock that lost its state counts from 0 again at later times, and taking its ticks for
 * repeats would silence the device for as long as it had run.
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
