/**
 * Decides when to flush: at once after a quiet interval, otherwise one interval after the previous
 * flush.
 *
 * "At once" means after the pending events, and after those of the partitions that arrived together
 * last time (burst-tracker.ts). It waits GATHER_MS for them at most. The interval grows by itself
 * to twice the time of a flush, up to BATCH_STRETCHED_MAX_MS. So with thousands of clients, half of
 * the time stays free for other work.
 */
import type { Clock } from "@fireworks/time";
import { BATCH_STRETCHED_MAX_MS, GATHER_MS } from "../limits.ts";
import { BurstTracker } from "./burst-tracker.ts";

/** Calls done when everything is sent. more: whether there is more to flush. */
export type Flush = (done: (more: boolean) => void) => void;

export class Pacer {
	readonly #clock: Clock;
	readonly #batchMs: number;
	readonly #flush: Flush;
	#due = Number.NEGATIVE_INFINITY;
	readonly #burst = new BurstTracker();
	/**
	 * idle: nothing to flush. gathering: waits for the other partitions. due: flushes when the
	 * interval is over.
	 */
	#state: "idle" | "gathering" | "due" = "idle";
	#cancel = () => {};

	/** batchMs: the least time between two flushes. */
	constructor(clock: Clock, batchMs: number, flush: Flush) {
		this.#clock = clock;
		this.#batchMs = batchMs;
		this.#flush = flush;
	}

	/**
	 * There is something to flush. partition: where it came from. Without it, no other partition is
	 * waited for.
	 */
	notify(partition?: number): void {
		const waitMs = this.#due - this.#clock.monotonicMs();
		if (this.#state === "idle" && waitMs <= 0) this.#burst.begin();
		if (partition !== undefined) this.#burst.add(partition);
		const whole = partition === undefined || this.#burst.complete;
		if (this.#state === "due" || (this.#state === "gathering" && !whole))
			return;
		this.#cancel();
		if (waitMs <= 0 && !whole) this.#runAfter(GATHER_MS, "gathering");
		else if (waitMs > 0) this.#runAfter(waitMs, "due");
		else {
			this.#state = "due";
			this.#clock.soon(() => this.#run());
		}
	}

	#runAfter(ms: number, state: "gathering" | "due"): void {
		this.#state = state;
		this.#cancel = this.#clock.after(ms, () => this.#run());
	}

	stop(): void {
		this.#cancel();
	}

	#run(): void {
		this.#state = "due";
		const begun = this.#clock.monotonicMs();
		this.#flush((more) => {
			const tookMs = this.#clock.monotonicMs() - begun;
			this.#due = begun + this.#interval(tookMs);
			this.#state = "idle";
			if (more) this.notify();
		});
	}

	#interval(tookMs: number): number {
		const longest = Math.max(this.#batchMs, BATCH_STRETCHED_MAX_MS);
		return Math.min(longest, Math.max(this.#batchMs, 2 * tookMs));
	}
}
