/**
 * Wall time that follows the monotonic clock from now on. If the wall clock is changed while we
 * run, no tick comes early, late, or twice.
 */
import { type Clock, systemClock } from "@fireworks/time";

export function steadyClock(): Clock {
	const offset = Date.now() - performance.now();
	return {
		...systemClock,
		wallMs: () => Math.floor(offset + performance.now()),
	};
}
