/**
 * How long to wait before the next attempt to connect.
 *
 * Half of the delay is random. So the clients of a middleware that restarted come back spread out
 * instead of all at once. A server can choose the delay itself (it closes with code 1012 and
 * `retry-after-ms=…`). Its value then replaces the computed delay.
 */
import type { BackOff } from "@fireworks/time";

export const BACK_OFF: BackOff = { firstMs: 250, maxMs: 5_000 };

/** The longest delay that a server may ask for. */
export const RETRY_AFTER_MAX_MS = 60_000;

/** The delay that a close frame asks for, or undefined if it asks for none. */
export function retryAfterMs(code: number, reason: string): number | undefined {
	const asked = code === 1012 && /\bretry-after-ms=(\d{1,9})\b/.exec(reason);
	return asked ? Math.min(RETRY_AFTER_MAX_MS, Number(asked[1])) : undefined;
}
