/** A clock for tests: it moves only when a test moves it. */
import type { Clock } from "./clock.ts";

interface Timer {
	dueMs: number;
	call: () => void;
}

/** 2026-01-01T00:00:00Z: where the wall clock starts. */
export const FAKE_START_MS = 1_767_225_600_000;
/** Promises that wait for each other settle within this many microtasks. */
const SETTLE_MICROTASKS = 20;

export class FakeClock implements Clock {
	#elapsedMs = 0;
	readonly #timers = new Set<Timer>();
	#soon: (() => void)[] = [];

	wallMs(): number {
		return FAKE_START_MS + this.#elapsedMs;
	}
	/** Not the wall clock's number, so that a mixture of the two fails a test. */
	monotonicMs(): number {
		return 1_000_000 + this.#elapsedMs;
	}
	after(ms: number, call: () => void): () => void {
		const timer = { dueMs: this.#elapsedMs + ms, call };
		this.#timers.add(timer);
		return () => this.#timers.delete(timer);
	}
	soon(call: () => void): void {
		this.#soon.push(call);
	}

	/** Number of timers that have not run yet. */
	get timers(): number {
		return this.#timers.size;
	}

	/** Lets time pass while some work runs: no timer runs. */
	spend(ms: number): void {
		this.#elapsedMs += ms;
	}

	/** One turn of the event loop: runs what is due now, but nothing that this adds. */
	turn(): void {
		const calls = this.#soon;
		this.#soon = [];
		for (const call of calls) call();
	}

	/** Runs what is due now, until nothing is left. */
	settle(): void {
		while (this.#soon.length > 0) this.turn();
	}

	/** Moves on, and runs the timers in order of time. */
	advance(ms: number): void {
		const endMs = this.#elapsedMs + ms;
		this.settle();
		for (;;) {
			const next = [...this.#timers]
				.filter(({ dueMs }) => dueMs <= endMs)
				.sort((a, b) => a.dueMs - b.dueMs)[0];
			if (next === undefined) break;
			this.#timers.delete(next);
			this.#elapsedMs = Math.max(this.#elapsedMs, next.dueMs);
			next.call();
			this.settle();
		}
		this.#elapsedMs = Math.max(this.#elapsedMs, endMs);
	}

	/** Moves on, and lets promises settle after each step. */
	async advanceAsync(ms: number, stepMs = 50): Promise<void> {
		for (let done = 0; done < ms; done += stepMs) {
			this.advance(Math.min(stepMs, ms - done));
			for (let i = 0; i < SETTLE_MICROTASKS; i++) await Promise.resolve();
		}
	}
}
