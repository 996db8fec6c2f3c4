/** Memory for the rows of all tables that wait to be committed. */
export class Budget {
	readonly #bytesMax: number;
	readonly #onFull = new Set<() => void>();
	readonly #onRoom = new Set<() => void>();
	#bytes = 0;

	constructor(bytesMax: number) {
		this.#bytesMax = bytesMax;
	}

	get bytes(): number {
		return this.#bytes;
	}
	get full(): boolean {
		return this.#bytes >= this.#bytesMax;
	}

	/** Never refuses: look at `full` before. */
	add(bytes: number): void {
		const wasFull = this.full;
		this.#bytes += bytes;
		if (!wasFull && this.full) for (const call of this.#onFull) call();
	}

	free(bytes: number): void {
		const wasFull = this.full;
		this.#bytes -= bytes;
		if (wasFull && !this.full) for (const call of this.#onRoom) call();
	}

	/** Calls when memory becomes full, and when there is room again. Returns how to end that. */
	watch(onFull: () => void, onRoom: () => void): () => void {
		this.#onFull.add(onFull);
		this.#onRoom.add(onRoom);
		return () => {
			this.#onFull.delete(onFull);
			this.#onRoom.delete(onRoom);
		};
	}
}
