/**
 * Feeds the clients that catch up, in turns: each step sends one frame, everyone in line gets one before anyone gets the second, and a turn of the event loop
 * is bounded in time. So 2,000 clients that come back at once, or one that wants an hour, never hold up the live ones.
 */
import type { Clock } from "../clock.ts";
import { CATCH_UP_TURN_MS } from "../limits.ts";

export interface Stepper {
	/** Sends at most one frame. True: it has more now. False: somebody will wake it. */
	step(): boolean;
}

export class Pump {
	readonly #clock: Clock;
	readonly #line = new Set<Stepper>();
	#running = false;

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	/** Puts a client in line, if it is not there. */
	wake(client: Stepper): void {
		this.#line.add(client);
		this.#run();
	}

	#run(): void {
		if (this.#running || this.#line.size === 0) return;
		this.#running = true;
		this.#clock.soon(() => {
			const end = this.#clock.monotonicMs() + CATCH_UP_TURN_MS;
			for (const client of this.#line) {
				this.#line.delete(client);
				// Added again it stands at the end of the line, where this loop still comes by.
				if (client.step()) this.#line.add(client);
				if (this.#clock.monotonicMs() >= end) break;
			}
			this.#running = false;
			this.#run();
		});
	}
}
