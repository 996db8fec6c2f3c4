/** A token bucket: perSecond in the long run, and twice that number in one burst. */
export class RateLimit {
	readonly #perSecond: number;
	#tokens: number;
	#filledMs: number;

	/** now: ms of a monotonic clock, here and below. */
	constructor(perSecond: number, now: number) {
		this.#perSecond = perSecond;
		this.#tokens = 2 * perSecond;
		this.#filledMs = now;
	}

	/** Takes a token; false if there is none. */
	take(now: number): boolean {
		const earned = ((now - this.#filledMs) / 1_000) * this.#perSecond;
		this.#tokens = Math.min(2 * this.#perSecond, this.#tokens + earned);
		this.#filledMs = now;
		if (this.#tokens < 1) return false;
		this.#tokens--;
		return true;
	}
}
