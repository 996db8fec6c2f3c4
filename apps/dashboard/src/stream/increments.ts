/**
 * The newest increments of all devices.
 *
 * For devices with a volatility they are standardised: (increment - drift * dt) / (volatility *
 * sqrt(dt)). In a correct stream these are standard normal, whatever the drift and volatility. So
 * all devices can be judged together. Devices without a volatility have no such measure: their
 * increments are kept as they are. Bound: INCREMENTS_MAX of each kind.
 */
const INCREMENTS_MAX = 10_000;

export interface Moments {
	count: number;
	mean: number;
	deviation: number;
	/** The fraction of them beyond -2 or 2. */
	beyondTwo: number;
	least: number;
	greatest: number;
}

/** The newest numbers of one kind. */
export class Newest {
	readonly #values = new Float64Array(INCREMENTS_MAX);
	#added = 0;

	add(value: number): void {
		this.#values[this.#added++ % INCREMENTS_MAX] = value;
	}

	get count(): number {
		return Math.min(this.#added, INCREMENTS_MAX);
	}

	/**
	 * Counts the numbers in each of `bins` equal bins from low to high. Numbers outside are not
	 * counted.
	 */
	histogram(low: number, high: number, bins: number): Float64Array {
		const counts = new Float64Array(bins);
		const perBin = (high - low) / bins;
		for (let i = 0; i < this.count; i++) {
			const bin = Math.floor(((this.#values[i] as number) - low) / perBin);
			if (bin >= 0 && bin < bins) counts[bin] = (counts[bin] as number) + 1;
		}
		return counts;
	}

	moments(): Moments {
		const { count } = this;
		let sum = 0;
		let beyond = 0;
		let least = Number.POSITIVE_INFINITY;
		let greatest = Number.NEGATIVE_INFINITY;
		for (let i = 0; i < count; i++) {
			const x = this.#values[i] as number;
			sum += x;
			if (Math.abs(x) > 2) beyond++;
			least = Math.min(least, x);
			greatest = Math.max(greatest, x);
		}
		const mean = sum / count;
		// Sum around the mean: with values far from 0, plain squares would lose the deviation.
		let squares = 0;
		for (let i = 0; i < count; i++)
			squares += ((this.#values[i] as number) - mean) ** 2;
		const deviation = Math.sqrt(squares / count);
		return {
			count,
			mean,
			deviation,
			beyondTwo: beyond / count,
			least,
			greatest,
		};
	}
}

export class Increments {
	readonly standardised = new Newest();
	readonly plain = new Newest();

	add(
		increment: number,
		dtS: number,
		{ drift, volatility }: { drift: number; volatility: number },
	): void {
		// A first record has no increment.
		if (!(dtS > 0)) return;
		if (volatility > 0)
			this.standardised.add(
				(increment - drift * dtS) / (volatility * Math.sqrt(dtS)),
			);
		else this.plain.add(increment);
	}
}
