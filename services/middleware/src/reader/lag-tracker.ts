/**
 * Tracks the topic's ends: computes the lag, and finds readers that are silent although there are
 * records to read.
 */
import { READER_STALLED_MS } from "../limits.ts";

export class LagTracker {
	#high: number[] = [];
	/**
	 * By partition: where the reader was when it last moved, when that was, and the end at that
	 * time.
	 */
	#moved: { next: number; atMs: number; high: number }[] = [];

	/** The reader was reopened: forget how long it has been silent. */
	reset(): void {
		this.#moved = [];
	}

	/** Takes the current ends. now: ms of a monotonic clock. */
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

	/** Offsets from the reader to the end, by partition; transaction markers count. */
	lag(next: readonly number[]): number[] {
		return this.#high.map((end, p) => Math.max(0, end - (next[p] ?? 0)));
	}
}
