/** A token bucket: so many a second in the long run, twice as many at once. */
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

	/** Takes one; false where there is none. */
	take(now: number): boolean {
		const earned = ((now - this.#filledMs) / 1_000) * this.#perSecond;
		this.#tokens = Math.min(2 * this.#perSecond, this.#tokens + earned);
		this.#filledMs = now;
		if (this.#tokens < 1) return false;
		this.#tokens--;
		return true;
	}
}
