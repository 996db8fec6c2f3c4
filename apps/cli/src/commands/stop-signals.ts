/** Ctrl-C and similar signals. The first requests an orderly stop; the second forces it. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * The first signal aborts the result with the signal's name as reason. Each later one calls
 * `onSecond`.
 */
export function stopSignals(onSecond: () => void): AbortSignal {
	const requested = new AbortController();
	for (const name of SIGNALS)
		process.on(name, () => {
			if (requested.signal.aborted) onSecond();
			else requested.abort(name);
		});
	return requested.signal;
}

export const aborted = (signal: AbortSignal): Promise<void> =>
	new Promise((resolve) => {
		if (signal.aborted) resolve();
		else signal.addEventListener("abort", () => resolve(), { once: true });
	});
