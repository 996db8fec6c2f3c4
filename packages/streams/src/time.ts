/** Time: the clock, waiting with a limit, back-off, and an abort as a promise. */

/** Time, in ms. Tests have their own clock. */
export interface Clock {
	now(): number;
	/** Resolves after this many ms, or at once when the signal is aborted. */
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
	now: () => Date.now(),
	sleep: (ms, signal) =>
		new Promise((resolve) => {
			if (signal?.aborted) return resolve();
			const end = () => {
				clearTimeout(timer);
				signal?.removeEventListener("abort", end);
				resolve();
			};
			const timer = setTimeout(end, Math.max(0, ms));
			signal?.addEventListener("abort", end, { once: true });
		}),
};

/**
 * Resolves when the promise has settled, with success or failure, or after `ms` milliseconds. A
 * promise that takes longer continues without its caller.
 */
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

/**
 * An abort signal as a promise. A loop uses one for all its rounds, so that they leave no listeners
 * behind.
 */
export const untilAborted = (signal: AbortSignal): Promise<undefined> =>
	new Promise((resolve) => {
		if (signal.aborted) resolve(undefined);
		else
			signal.addEventListener("abort", () => resolve(undefined), {
				once: true,
			});
	});

/** The wait before the next try: doubled after each failure, up to a limit. failures: before it. */
export const backoffMs = (
	failures: number,
	{ firstMs, maxMs }: { firstMs: number; maxMs: number },
): number => Math.min(firstMs * 2 ** failures, maxMs);
