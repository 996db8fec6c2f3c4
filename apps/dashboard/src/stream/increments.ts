/**
 * The newest increments of all devices, standardised: (increment - drift * dt) / (volatility * sqrt(dt)).
 *
 * Whatever its drift and volatility, a right stream's are standard normal: so all devices can be judged together. Bound: INCREMENTS_MAX.
 */
const INCREMENTS_MAX = 10_000;

export interface Moments {
	count: number;
	mean: number;
	deviation: number;
	/** The part of them beyond -2 or 2. */
	beyondTwo: number;
}

export class Increments {
	readonly #values = new Float64Array(INCREMENTS_MAX);
	#added = 0;

	add(
		increment: number,
		dtS: number,
		{ drift, volatility }: { drift: number; volatility: number },
	): void {
		// A first tick, or a device that does not move: nothing to judge.
		if (!(dtS > 0 && volatility > 0)) return;
		const z = (increment - drift * dtS) / (volatility * Math.sqrt(dtS));
		this.#values[this.#added++ % INCREMENTS_MAX] = z;
	}

	get count(): number {
		return Math.min(this.#added, INCREMENTS_MAX);
	}

	/** How many lie in each of `bins` equal bins from -limit to limit; those farther out are in none. */
	histogram(limit: number, bins: number): Float64Array {
		const counts = new Float64Array(bins);
		const perBin = (2 * limit) / bins;
		for (let i = 0; i < this.count; i++) {
			const bin = Math.floor(((this.#values[i] as number) + limit) / perBin);
			if (bin >= 0 && bin < bins) counts[bin] = (counts[bin] as number) + 1;
		}
		return counts;
	}

	moments(): Moments {
		const { count } = this;
		let sum = 0;
		let squares = 0;
		let beyond = 0;
		for (let i = 0; i < count; i++) {
			const z = this.#values[i] as number;
			sum += z;
			squares += z * z;
			if (Math.abs(z) > 2) beyond++;
		}
		const mean = sum / count;
		const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
		return { count, mean, deviation, beyondTwo: beyond / count };
	}
}
