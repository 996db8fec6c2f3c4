/** How long to wait before the next attempt: the delay doubles with each failure, up to a bound. */
export interface BackOff {
	/** The delay after the first failure. */
	readonly firstMs: number;
	/** The longest delay. */
	readonly maxMs: number;
}

/** Doubling more often than this changes nothing but could overflow. */
const DOUBLINGS_MAX = 30;

/**
 * The delay in ms. failures: consecutive failures, from 1.
 *
 * random: from 0 to 1. The result lies between half of the delay (0) and all of it (1). Pass
 * Math.random() where many clients may fail at the same moment, so that they do not come back at
 * the same moment too.
 */
export function backOffMs(
	{ firstMs, maxMs }: BackOff,
	failures: number,
	random = 1,
): number {
	const doublings = Math.min(failures - 1, DOUBLINGS_MAX);
	const whole = Math.min(maxMs, firstMs * 2 ** doublings);
	return Math.round(whole / 2 + (whole / 2) * random);
}
