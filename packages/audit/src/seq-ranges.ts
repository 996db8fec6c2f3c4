/**
 * A growing set of seqs, held as ranges: seqs that a device skipped, or that are known to be
 * missing.
 *
 * Most devices have no such seq, and a device that lost everything has one range, so this stays
 * small. If it would not, the oldest range is forgotten.
 */
export class SeqRanges {
	/** Ascending; ranges do not touch. */
	readonly #from: number[] = [];
	readonly #to: number[] = [];
	readonly #max: number;

	constructor(max: number) {
		this.#max = max;
	}

	/**
	 * Adds from..to, both included. Ranges must come in ascending order. An empty range (to < from)
	 * adds nothing.
	 */
	add(from: number, to: number): void {
		if (to < from) return;
		const last = this.#to.length - 1;
		if (last >= 0 && (this.#to[last] as number) >= from - 1) {
			this.#to[last] = Math.max(this.#to[last] as number, to);
			return;
		}
		this.#from.push(from);
		this.#to.push(to);
		if (this.#from.length > this.#max) {
			this.#from.shift();
			this.#to.shift();
		}
	}

	has(seq: number): boolean {
		// Searched from the newest range, because most queries are about recent seqs.
		for (let i = this.#from.length - 1; i >= 0; i--) {
			if (seq >= (this.#from[i] as number))
				return seq <= (this.#to[i] as number);
		}
		return false;
	}
}
