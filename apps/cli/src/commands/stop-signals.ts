/** Ctrl-C and its like: the first asks for an orderly stop, the second does not wait for it. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** `asked` is aborted with the signal's name by the first; `onSecond` is called by each later one. */
export function stopSignals(onSecond: () => void): AbortSignal {
	const asked = new AbortController();
	for (const name of SIGNALS)
		process.on(name, () => {
			if (asked.signal.aborted) onSecond();
			else asked.abort(name);
		});
	return asked.signal;
}

export const aborted = (signal: AbortSignal): Promise<void> =>
	new Promise((resolve) => {
		if (signal.aborted) resolve();
		else signal.addEventListener("abort", () => resolve(), { once: true });
	});
