/** Time as an argument: the core never asks the machine, so a test owns every millisecond. */

export interface Clock {
	/** ms since 1970, for frames: it may jump. */
	wallMs(): number;
	/** ms that never step back or jump, for intervals and deadlines. */
	monotonicMs(): number;
	/** Calls once after so many ms, unless the returned function was called before. */
	after(ms: number, call: () => void): () => void;
	/** Calls once the events that are already here have been handled. */
	soon(call: () => void): void;
}

export const systemClock: Clock = {
	wallMs: Date.now,
	monotonicMs: () => performance.now(),
	after: (ms, call) => {
		const timer = setTimeout(call, ms);
		return () => clearTimeout(timer);
	},
	soon: (call) => {
		setImmediate(call);
	},
};

/** Resolves after so many ms, or at once when the signal is aborted. */
export const delay = (
	clock: Clock,
	ms: number,
	signal: AbortSignal,
): Promise<void> =>
	new Promise((resolve) => {
		if (signal.aborted) return resolve();
		const end = () => {
			cancel();
			signal.removeEventListener("abort", end);
			resolve();
		};
		const cancel = clock.after(ms, end);
		signal.addEventListener("abort", end, { once: true });
	});
