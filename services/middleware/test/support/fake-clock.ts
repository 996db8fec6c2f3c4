/** A clock that moves only when told to. */
import type { Clock } from "../../src/clock.ts";

interface Timer {
	dueMs: number;
	call: () => void;
}

export class FakeClock implements Clock {
	#nowMs = 1_000_000;
	readonly #timers = new Set<Timer>();
	#soon: (() => void)[] = [];

	wallMs(): number {
		return 1_767_225_600_000 + this.#nowMs;
	}
	monotonicMs(): number {
		return this.#nowMs;
	}
	after(ms: number, call: () => void): () => void {
		const timer = { dueMs: this.#nowMs + ms, call };
		this.#timers.add(timer);
		return () => this.#timers.delete(timer);
	}
	soon(call: () => void): void {
		this.#soon.push(call);
	}

	/** Time goes by while something works. */
	spend(ms: number): void {
		this.#nowMs += ms;
	}

	/** One turn of the event loop: what is due now, and nothing that this brings about. */
	turn(): void {
		const calls = this.#soon;
		this.#soon = [];
		for (const call of calls) call();
	}

	/** Runs what is due now, until nothing is. */
	settle(): void {
		while (this.#soon.length > 0) this.turn();
	}

	/** Moves on, timer by timer in order of time. */
	advance(ms: number): void {
		const end = this.#nowMs + ms;
		this.settle();
		for (;;) {
			const next = [...this.#timers]
				.filter(({ dueMs }) => dueMs <= end)
				.sort((a, b) => a.dueMs - b.dueMs)[0];
			if (next === undefined) break;
			this.#timers.delete(next);
			this.#nowMs = Math.max(this.#nowMs, next.dueMs);
			next.call();
			this.settle();
		}
		this.#nowMs = Math.max(this.#nowMs, end);
	}

	/** Moves on, and lets promises settle after each step. */
	async advanceAsync(ms: number, stepMs = 50): Promise<void> {
		for (let done = 0; done < ms; done += stepMs) {
			this.advance(Math.min(stepMs, ms - done));
			for (let i = 0; i < 20; i++) await Promise.resolve();
		}
	}
}
