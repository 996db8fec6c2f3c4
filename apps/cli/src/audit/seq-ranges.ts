/**
 * A growing set of seqs, held as ranges: seqs that a device jumped over, or that are known to be missing.
 *
 * Most devices have no such seq, and a device that lost all has one range, so this stays small; where it would not, the oldest range is forgotten.
 */
export class SeqRanges {
	/** Ascending, not touching. */
	readonly #from: number[] = [];
	readonly #to: number[] = [];
	readonly #max: number;

	constructor(max: number) {
		this.#max = max;
	}

	/** Adds from..to, both included. Ranges come in ascending order; an empty one (to < from) is none. */
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
		// From the newest: what is looked for has mostly just happened.
		for (let i = this.#from.length - 1; i >= 0; i--) {
			if (seq >= (this.#from[i] as number))
				return seq <= (this.#to[i] as number);
		}
		return false;
	}
}
