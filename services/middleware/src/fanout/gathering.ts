/**
 * Who belongs together: the partitions of one tick are committed some 30 ms apart. Sent one by one, the first would go at once, and all others would wait for the
 * next batch; a page that waits for the whole tick would wait with them.
 *
 * So after a quiet interval those are waited for that came together last time (a burst: all that came until the quiet interval before this one). A stream
 * whose records come one by one has nobody to wait for.
 */
export class Gathering {
	#lastTime: ReadonlySet<number> = new Set();
	#here = new Set<number>();

	/** A quiet interval is over: what comes now is another burst. */
	begin(): void {
		this.#lastTime = this.#here;
		this.#here = new Set();
	}

	add(partition: number): void {
		this.#here.add(partition);
	}

	/** Nobody is missing. */
	get complete(): boolean {
		if (this.#lastTime.size < 2) return true;
		for (const partition of this.#lastTime)
			if (!this.#here.has(partition)) return false;
		return true;
	}
}
