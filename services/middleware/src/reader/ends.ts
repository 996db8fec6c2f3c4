/** What is known of the topic's ends: the lag, and whether a reader that says nothing has a reason to. */
import { READER_STALLED_MS } from "../limits.ts";

export class Ends {
	#high: number[] = [];
	/** By partition: where the reader stood when it last moved, when that was, and the end at the time. */
	#moved: { next: number; atMs: number; high: number }[] = [];

	/** The reader was opened anew: nothing is held against it. */
	reset(): void {
		this.#moved = [];
	}

	/** The ends as they are now. now: ms of a monotonic clock. */
	seen(high: readonly number[], next: readonly number[], now: number): void {
		this.#high = [...high];
		for (const [p, end] of high.entries()) {
			const moved = this.#moved[p];
			const position = next[p] ?? 0;
			if (moved === undefined || moved.next !== position)
				this.#moved[p] = { next: position, atMs: now, high: end };
		}
	}

	/** The first partition whose end moved on for READER_STALLED_MS while the reader did not. */
	stalled(now: number): number | undefined {
		const partition = this.#moved.findIndex(
			({ atMs, high }, p) =>
				now - atMs >= READER_STALLED_MS && (this.#high[p] ?? 0) > high,
		);
		return partition < 0 ? undefined : partition;
	}

	/** Offsets from the reader to the end, by partition; ends of transactions count. */
	lag(next: readonly number[]): number[] {
		return this.#high.map((end, p) => Math.max(0, end - (next[p] ?? 0)));
	}
}
