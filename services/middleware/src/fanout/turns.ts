/**
 * Long work in short turns of the event loop, so that thousands of sends hold nothing else up: readers, pings, probes, clients that catch up.
 *
 * One piece of work at a time: what is begun while another is under way has to wait until that is finished, which happens at once.
 */
import type { Clock } from "../clock.ts";

export class Turns {
	readonly #clock: Clock;
	readonly #turnMs: number;
	#work: { steps: Iterator<void>; done: () => void } | undefined;

	/** turnMs: after so long the event loop has its turn. */
	constructor(clock: Clock, turnMs: number) {
		this.#clock = clock;
		this.#turnMs = turnMs;
	}

	/** Does the steps, the first ones at once; calls done() after the last. */
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

	/** Does all that is left of the work under way. */
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
