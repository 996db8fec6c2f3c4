/**
 * Finds out which partitions to wait for. The partitions of one tick are committed some 30 ms
 * apart. If each were sent by itself, the first would go at once and all others would wait for the
 * next batch. A page that needs the whole tick would wait with them.
 *
 * So after a quiet interval we wait for the partitions of the previous burst. (A burst is
 * everything that arrives between two quiet intervals.) If a stream's records arrive one by one,
 * there is nothing to wait for.
 */
export class BurstTracker {
	#lastTime: ReadonlySet<number> = new Set();
	#here = new Set<number>();

	/** A quiet interval is over: what arrives now is a new burst. */
	begin(): void {
		this.#lastTime = this.#here;
		this.#here = new Set();
	}

	add(partition: number): void {
		this.#here.add(partition);
	}

	/** True if no partition of the previous burst is missing. */
	get complete(): boolean {
		if (this.#lastTime.size < 2) return true;
		for (const partition of this.#lastTime)
			if (!this.#here.has(partition)) return false;
		return true;
	}
}
