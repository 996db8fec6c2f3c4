/**
 * One step of a Wiener process with drift, by the Euler-Maruyama method, which is exact for
 * constant coefficients:
 *
 *     increment = drift * dt + volatility * sqrt(dt) * z,    value = previous value + increment
 *
 * All engines must use the same order of operations, because another order rounds differently.
 */

/** The current end of a device's path: what the next step needs of the last record. */
export interface PathPoint {
	/** Event time, ms since 1970. */
	readonly timestamp: number;
	readonly value: number;
}

/** What a step needs of a tick. */
export interface TickInput {
	/** Event time, ms since 1970, later than the previous tick's. */
	readonly timestamp: number;
	/** 1/s. */
	readonly drift: number;
	/** 1/sqrt(s), not negative. */
	readonly volatility: number;
}

export interface Step {
	/** Seconds since the device's previous record. */
	readonly dt: number;
	readonly increment: number;
	readonly value: number;
}

/**
 * The next step of a device's path, for a valid tick.
 *
 * @param previous the device's last record; undefined for its first tick, which starts the path at
 * 0
 * @param tick the tick
 * @param z the tick's noise, a standard normal; not used if `previous` is undefined, so it need not
 * be computed then
 * @returns the step, or undefined if increment or value is not a finite number: such a tick is
 * refused with the code `not-finite` and leaves the state unchanged. This is a result and not an
 * exception, so that the compiler makes every caller handle it.
 */
export function advance(
	previous: PathPoint | undefined,
	tick: TickInput,
	z: number,
): Step | undefined {
	if (previous === undefined) return { dt: 0, increment: 0, value: 0 };
	const dt = (tick.timestamp - previous.timestamp) / 1000;
	const increment = tick.drift * dt + tick.volatility * Math.sqrt(dt) * z;
	const value = previous.value + increment;
	if (!Number.isFinite(increment) || !Number.isFinite(value)) return undefined;
	return { dt, increment, value };
}
