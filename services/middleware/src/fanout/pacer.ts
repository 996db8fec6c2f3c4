/**
 * When to flush: at once after a quiet interval, else one interval after the flush before.
 *
 * "At once" is after the events that are already here: the partitions of a tick arrive together, and go out together. The
 * interval stretches by itself to twice what a flush takes, up to BATCH_STRETCHED_MAX_MS: with thousands of clients half of the
 * time stays for everything else.
 */
import type { Clock } from "../clock.ts";
import { BATCH_STRETCHED_MAX_MS } from "../limits.ts";

/** Calls done when all of it is sent. more: whether there is more to flush. */
export type Flush = (done: (more: boolean) => void) => void;

export class Pacer {
	readonly #clock: Clock;
	readonly #batchMs: number;
	readonly #flush: Flush;
	#due = Number.NEGATIVE_INFINITY;
	#scheduled = false;
	#cancel = () => {};

	/** batchMs: the least time between two flushes. */
	constructor(clock: Clock, batchMs: number, flush: Flush) {
		this.#clock = clock;
		this.#batchMs = batchMs;
		this.#flush = flush;
	}

	/** Something waits to be flushed. */
	notify(): void {
		if (this.#scheduled) return;
		this.#scheduled = true;
		const waitMs = this.#due - this.#clock.monotonicMs();
		if (waitMs > 0) this.#cancel = this.#clock.after(waitMs, () => this.#run());
		else this.#clock.soon(() => this.#run());
	}

	stop(): void {
		this.#cancel();
	}

	#run(): void {
		const begun = this.#clock.monotonicMs();
		this.#flush((more) => {
			const tookMs = this.#clock.monotonicMs() - begun;
			this.#due = begun + this.#interval(tookMs);
			this.#scheduled = false;
			if (more) this.notify();
		});
	}

	#interval(tookMs: number): number {
		const longest = Math.max(this.#batchMs, BATCH_STRETCHED_MAX_MS);
		return Math.min(longest, Math.max(this.#batchMs, 2 * tookMs));
	}
}
