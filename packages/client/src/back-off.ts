/**
 * How long to wait before the next try.
 *
 * The delay doubles from try to try up to a bound, and half of it is random: after a middleware's restart its clients come back spread out
 * instead of all at once. A server that knows better says so (a close with code 1012 and `retry-after-ms=…`): its word replaces the computed delay.
 */

export interface BackOff {
	firstMs: number;
	maxMs: number;
}

export const BACK_OFF: BackOff = { firstMs: 250, maxMs: 5_000 };

/** A server may not send us away for longer than this. */
export const RETRY_AFTER_MAX_MS = 60_000;

/** The delay before try `attempt` (1: the first after a loss), in ms. random: from 0 to 1, exclusive. */
export function backOffMs(
	attempt: number,
	random: number,
	{ firstMs, maxMs }: BackOff = BACK_OFF,
): number {
	const whole = Math.min(maxMs, firstMs * 2 ** Math.min(attempt - 1, 30));
	return Math.round(whole / 2 + (whole / 2) * random);
}

/** The delay that a close frame asks for, or undefined where it asks for none. */
export function retryAfterMs(code: number, reason: string): number | undefined {
	const asked = code === 1012 && /\bretry-after-ms=(\d{1,9})\b/.exec(reason);
	return asked ? Math.min(RETRY_AFTER_MAX_MS, Number(asked[1])) : undefined;
}
