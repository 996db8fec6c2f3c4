/** Bounds a wait by the end of the service: with its broker away, what is waited for may take longer than the service is given to stop. */
import type { Clock } from "@fireworks/streams";

/** As the promise; but rejects with the signal's reason so many ms after it is aborted, and leaves the promise to itself. */
export async function unlessStopped<T>(
	promise: Promise<T>,
	signal: AbortSignal,
	clock: Clock,
	graceMs = 0,
): Promise<T> {
	const stopped = Promise.withResolvers<never>();
	stopped.promise.catch(() => {});
	const settled = new AbortController();
	const stop = async () => {
		await clock.sleep(graceMs, settled.signal);
		stopped.reject(signal.reason);
	};
	if (signal.aborted) stop();
	else signal.addEventListener("abort", stop, { once: true });
	try {
		return await Promise.race([promise, stopped.promise]);
	} finally {
		settled.abort();
		signal.removeEventListener("abort", stop);
	}
}
