/** Bounds a wait: what does not end in time is left to itself. */
import type { Clock } from "./stage/runtime.ts";

/** Resolves when the promise has settled, however it did, or after so many ms. */
export async function within(
	promise: Promise<unknown>,
	ms: number,
	clock: Clock,
): Promise<void> {
	const ended = new AbortController();
	const settled = promise
		.then(
			() => {},
			() => {},
		)
		.finally(() => ended.abort());
	await Promise.race([settled, clock.sleep(ms, ended.signal)]);
}
