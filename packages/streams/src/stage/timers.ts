/** The timers of one partition: which key is to be called at which event time. */
import { z } from "zod";

/** Value of a key's timers in the changelog: times in ascending order. */
const timesSchema = z.array(z.int()).min(1);

export interface Timer {
	readonly at: number;
	readonly key: string;
}

export class Timers {
	/** Times of each key, ascending. */
	readonly #times = new Map<string, number[]>();
	/**
	 * All timers in the order of time, then key, as a binary heap. Timers that were replaced by a
	 * restore stay in it and are skipped.
	 */
	readonly #heap: Timer[] = [];

	/** Number of keys that have timers. */
	get keys(): number {
		return this.#times.size;
	}

	/** Returns false if the key has this timer already. */
	add(key: string, at: number): boolean {
		const times = this.#times.get(key);
		if (times === undefined) this.#times.set(key, [at]);
		else {
			let i = times.length;
			while (i > 0 && (times[i - 1] as number) > at) i--;
			if (times[i - 1] === at) return false;
			times.splice(i, 0, at);
		}
		this.#push({ at, key });
		return true;
	}

	/** The first timer that is due at a time of the clock; undefined: none. */
	due(clock: number): Timer | undefined {
		for (;;) {
			const first = this.#heap[0];
			if (first === undefined || first.at > clock) return undefined;
			if (this.#times.get(first.key)?.includes(first.at)) return first;
			this.#pop();
		}
	}

	/** Removes the timer that `due` has returned. */
	remove({ key, at }: Timer): void {
		this.#pop();
		const times = this.#times.get(key)?.filter((time) => time !== at) ?? [];
		if (times.length === 0) this.#times.delete(key);
		else this.#times.set(key, times);
	}

	/** A key's timers as they are in the changelog; null: none. */
	encode(key: string): string | null {
		const times = this.#times.get(key);
		return times === undefined ? null : JSON.stringify(times);
	}

	/** Replaces a key's timers by those of the changelog. Throws if the text has none. */
	restore(key: string, text: string | null): void {
		this.#times.delete(key);
		if (text === null) return;
		for (const at of timesSchema.parse(JSON.parse(text))) this.add(key, at);
	}

	clear(): void {
		this.#times.clear();
		this.#heap.length = 0;
	}

	#push(timer: Timer): void {
		const heap = this.#heap;
		let i = heap.push(timer) - 1;
		while (i > 0) {
			const parent = (i - 1) >>> 1;
			if (!isBefore(timer, heap[parent] as Timer)) break;
			heap[i] = heap[parent] as Timer;
			i = parent;
		}
		heap[i] = timer;
	}

	#pop(): void {
		const heap = this.#heap;
		const last = heap.pop();
		if (last === undefined || heap.length === 0) return;
		let i = 0;
		for (;;) {
			let child = 2 * i + 1;
			if (child >= heap.length) break;
			if (
				child + 1 < heap.length &&
				isBefore(heap[child + 1] as Timer, heap[child] as Timer)
			)
				child++;
			if (!isBefore(heap[child] as Timer, last)) break;
			heap[i] = heap[child] as Timer;
			i = child;
		}
		heap[i] = last;
	}
}

const isBefore = (a: Timer, b: Timer): boolean =>
	a.at < b.at || (a.at === b.at && a.key < b.key);
