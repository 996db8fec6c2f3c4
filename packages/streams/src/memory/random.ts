/**
 * Seeded random numbers (mulberry32). The memory log and the simulation make every choice with
 * them, so a seed can be replayed.
 */

export class Random {
	#state: number;

	/** seed: an integer, of which the lower 32 bits are used. */
	constructor(seed: number) {
		this.#state = seed | 0;
	}

	/** From 0 up to, but not including, 1. */
	next(): number {
		this.#state = (this.#state + 0x6d2b79f5) | 0;
		let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	}

	/** An integer from min to max, both included. */
	between(min: number, max: number): number {
		return min + Math.floor(this.next() * (max - min + 1));
	}

	/** True once in this many times on average. */
	oneIn(times: number): boolean {
		return this.next() * times < 1;
	}

	/** One of the items. The list must not be empty. */
	pick<T>(items: readonly T[]): T {
		return items[Math.floor(this.next() * items.length)] as T;
	}
}
