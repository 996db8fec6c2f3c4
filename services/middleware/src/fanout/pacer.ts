/**
 * When to flush: at once after a quiet interval, else one interval after the flush before.
 *
 * "At once" is after the events that are already here, and those of the partitions that came together last time (gathering.ts), for which it waits GATHER_MS
 * at most. The interval stretches by itself to twice what a flush takes, up to BATCH_STRETCHED_MAX_MS: with thousands of clients half of the
 * time stays for everything else.
 */
import type { Clock } from "../clock.ts";
import { BATCH_STRETCHED_MAX_MS, GATHER_MS } from "../limits.ts";
import { Gathering } from "./gathering.ts";

/** Calls done when all of it is sent. more: whether there is more to flush. */
export type Flush = (done: (more: boolean) => void) => void;

export class Pacer {
	readonly #clock: Clock;
	readonly #batchMs: number;
	readonly #flush: Flush;
	#due = Number.NEGATIVE_INFINITY;
	readonly #gathering = new Gathering();
	/** idle: nothing to flush. gathers: it waits for the other partitions. due: it flushes when it is time. */
	#state: "idle" | "gathers" | "due" = "idle";
	#cancel = () => {};

	/** batchMs: the least time between two flushes. */
	constructor(clock: Clock, batchMs: number, flush: Flush) {
		this.#clock = clock;
		this.#batchMs = batchMs;
		this.#flush = flush;
	}

	/** Something waits to be flushed. partition: where it came from; without, nobody else is waited for. */
	notify(partition?: number): void {
		const waitMs = this.#due - this.#clock.monotonicMs();
		if (this.#state === "idle" && waitMs <= 0) this.#gathering.begin();
		if (partition !== undefined) this.#gathering.add(partition);
		const whole = partition === undefined || this.#gathering.complete;
		if (this.#state === "due" || (this.#state === "gathers" && !whole)) return;
		this.#cancel();
		if (waitMs <= 0 && !whole) this.#runAfter(GATHER_MS, "gathers");
		else if (waitMs > 0) this.#runAfter(waitMs, "due");
		else {
			this.#state = "due";
			this.#clock.soon(() => this.#run());
		}
	}

	#runAfter(ms: number, state: "gathers" | "due"): void {
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
