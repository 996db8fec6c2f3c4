/**
 * Time as an argument. Code that takes a Clock never reads the machine's clock itself, so a test
 * controls every millisecond (fake-clock.ts).
 */
export interface Clock {
	/** ms since 1970. It jumps when the machine's clock is set, so it never measures a time. */
	wallMs(): number;
	/** ms since some start. It never steps back or jumps, so it measures intervals and deadlines. */
	monotonicMs(): number;
	/** Calls once after this many ms, unless the returned function is called first. */
	after(ms: number, call: () => void): () => void;
	/** Calls once the pending events have been handled. */
	soon(call: () => void): void;
}

/** The machine's clock. */
export const systemClock: Clock = {
	wallMs: () => Date.now(),
	monotonicMs: () => performance.now(),
	after: (ms, call) => {
		const timer = setTimeout(call, ms);
		return () => clearTimeout(timer);
	},
	// Browsers have no setImmediate.
	soon: (call) => {
		if (typeof setImmediate === "function") setImmediate(call);
		else setTimeout(call, 0);
	},
};
