/** The newest measurements of one kind, and their quantiles. Bound: SAMPLES_MAX. */
const SAMPLES_MAX = 600;

export class Samples {
	readonly #values = new Float64Array(SAMPLES_MAX);
	#count = 0;

	add(value: number): void {
		this.#values[this.#count++ % SAMPLES_MAX] = value;
	}

	clear(): void {
		this.#count = 0;
	}

	get count(): number {
		return Math.min(this.#count, SAMPLES_MAX);
	}

	/**
	 * The value that the fraction q (0 to 1) of the samples does not exceed, or undefined while
	 * there are no samples.
	 */
	quantile(q: number): number | undefined {
		const sorted = this.#values.slice(0, this.count).sort();
		return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
	}
}
