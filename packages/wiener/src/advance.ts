/**
 * One step of a Wiener process with drift, by Euler and Maruyama, which is exact for constant coefficients:
 *
 *     increment = drift * dt + volatility * sqrt(dt) * z,    value = previous value + increment
 *
 * The order of operations is part of the contract between the engines.
 */

/** Where a device's path stands: what the next step needs of the last record. */
export interface PathPoint {
	/** Event time, ms since 1970. */
	readonly timestamp: number;
	readonly value: number;
}

/** What a step needs of a tick. */
export interface TickInput {
	/** Event time, ms since 1970, above the previous one. */
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
 * The next step of a device's path, for a tick that is to be applied.
 *
 * @param previous the device's last record; undefined for its first tick, which starts the path at 0
 * @param tick the tick
 * @param z the tick's noise, a standard normal; not looked at where `previous` is undefined, so there is no need to compute it
 * @returns the step, or undefined where increment or value is not a finite number: such a tick is refused with the code
 * `not-finite` and leaves the state as it was. A result instead of an exception, so that the compiler asks every caller about it.
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
