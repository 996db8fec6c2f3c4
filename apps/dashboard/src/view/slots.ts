/**
 * The colours of what is shown. Each keeps its slot for as long as it is shown; a new one takes the
 * first free slot.
 */
export class Slots {
	readonly #slots = new Map<number, number>();

	of(index: number): number {
		return this.#slots.get(index) ?? 0;
	}

	give(shown: readonly number[]): void {
		const kept = new Set(shown);
		for (const index of this.#slots.keys())
			if (!kept.has(index)) this.#slots.delete(index);
		const taken = new Set(this.#slots.values());
		let free = 0;
		for (const index of shown) {
			if (this.#slots.has(index)) continue;
			while (taken.has(free)) free++;
			taken.add(free);
			this.#slots.set(index, free);
		}
	}
}
