/** Waits that end after a time or with a signal, and then leave no timer behind. */
import type { Clock } from "./clock.ts";

/** Resolves after this many ms, or at once when the signal is aborted. It never rejects. */
export const delay = (
	clock: Clock,
	ms: number,
	signal?: AbortSignal,
): Promise<void> =>
	new Promise((resolve) => {
		if (signal?.aborted) return resolve();
		const end = () => {
			cancel();
			signal?.removeEventListener("abort", end);
			resolve();
		};
		const cancel = clock.after(ms, end);
		signal?.addEventListener("abort", end, { once: true });
	});

/**
 * Resolves when the signal is aborted. The listener stays until then. So in a loop, pass a signal
 * that ends with each round, not one that lives as long as the process.
 */
export const aborted = (signal: AbortSignal): Promise<undefined> =>
	new Promise((resolve) => {
		if (signal.aborted) return resolve(undefined);
		signal.addEventListener("abort", () => resolve(undefined), { once: true });
	});

/**
 * Resolves when the promise has settled, with success or failure, or after this many ms. The
 * promise itself then continues without its caller.
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
	await Promise.race([settled, delay(clock, ms, ended.signal)]);
}

/**
 * Settles like the promise, but rejects with the signal's reason this many ms after the signal is
 * aborted. The promise itself then continues without its caller.
 */
export async function unlessAborted<T>(
	promise: Promise<T>,
	signal: AbortSignal,
	clock: Clock,
	graceMs = 0,
): Promise<T> {
	const over = Promise.withResolvers<never>();
	// The rejection may come after the caller has its answer.
	over.promise.catch(() => {});
	const settled = new AbortController();
	const stop = async () => {
		if (graceMs > 0) await delay(clock, graceMs, settled.signal);
		over.reject(signal.reason);
	};
	if (signal.aborted) void stop();
	else signal.addEventListener("abort", stop, { once: true });
	try {
		return await Promise.race([promise, over.promise]);
	} finally {
		settled.abort();
		signal.removeEventListener("abort", stop);
	}
}
