/** Wall time that follows the monotonic clock from now on: a wall clock that is set while we run makes no tick early, late, or twice. */
import { type Clock, systemClock } from "@fireworks/streams";

export function steadyClock(): Clock {
	const offset = Date.now() - performance.now();
	return {
		now: () => Math.floor(offset + performance.now()),
		sleep: systemClock.sleep,
	};
}
