/**
 * Splits long work into short turns of the event loop. So thousands of sends do not delay readers,
 * pings, probes and clients that catch up.
 *
 * It does one piece of work at a time. If new work begins while another is under way, it first does
 * the rest of that one at once.
 */
import type { Clock } from "@fireworks/time";

export class TimeSlicer {
	readonly #clock: Clock;
	readonly #turnMs: number;
	#work: { steps: Iterator<void>; done: () => void } | undefined;

	/** turnMs: after this time the event loop gets control again. */
	constructor(clock: Clock, turnMs: number) {
		this.#clock = clock;
		this.#turnMs = turnMs;
	}

	/** Runs the steps, the first ones at once; calls done() after the last. */
	begin(steps: Iterator<void>, done: () => void): void {
		this.finish();
		const work = { steps, done };
		this.#work = work;
		const turn = () => {
			if (this.#work !== work) return;
			const end = this.#clock.monotonicMs() + this.#turnMs;
			while (!work.steps.next().done)
				if (this.#clock.monotonicMs() >= end) return this.#clock.soon(turn);
			this.#ended();
		};
		turn();
	}

	/** Does all that is left of the current work. */
	finish(): void {
		if (this.#work === undefined) return;
		while (!this.#work.steps.next().done);
		this.#ended();
	}

	#ended(): void {
		const { done } = this.#work as { done: () => void };
		this.#work = undefined;
		done();
	}
}
