import type { Expected } from "./path-record.ts";

/** The array is copied only once this many emptied slots are at its front. */
const COMPACT_FROM = 64;

/**
 * The records of one device that are due, in the order of their seq.
 *
 * It is an array with a moving head: nearly every record that comes is the first one due. A later
 * one is found by binary search.
 */
export class ExpectedQueue {
	#items: Expected[] = [];
	#head = 0;

	get length(): number {
		return this.#items.length - this.#head;
	}

	/** expected.seq must be greater than all before it. */
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

	/** How many come before the one with this seq; -1 if it is not in the queue. */
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
