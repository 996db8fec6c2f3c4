import type { Expected } from "./path-record.ts";

/** Emptied space in front that is worth a copy. */
const COMPACT_FROM = 64;

/**
 * The records of one device that are due, in the order of their seq.
 *
 * An array with a moving head, as nearly every record that comes is the first one due; one further back is found by bisection.
 */
export class ExpectedQueue {
	#items: Expected[] = [];
	#head = 0;

	get length(): number {
		return this.#items.length - this.#head;
	}

	/** expected.seq must be above all before it. */
	push(expected: Expected): void {
		this.#items.push(expected);
	}

	shift(): Expected | undefined {
		const first = this.#items[this.#head];
		if (first === undefined) return undefined;
		this.#head++;
		if (this.#head >= COMPACT_FROM && this.#head * 2 >= this.#items.length) {
			this.#items = this.#items.slice(this.#head);
			this.#head = 0;
		}
		return first;
	}

	/** How many stand before the one with this seq; -1 where there is none. */
	indexOf(seq: number): number {
		let low = this.#head;
		let high = this.#items.length - 1;
		if (this.#items[low]?.seq === seq) return 0;
		while (low <= high) {
			const middle = (low + high) >>> 1;
			const found = (this.#items[middle] as Expected).seq;
			if (found === seq) return middle - this.#head;
			if (found < seq) low = middle + 1;
			else high = middle - 1;
		}
		return -1;
	}
}
