/**
 * Sends frames to the clients that catch up, in turns. Each step sends one frame, and every client
 * in line gets a frame before any client gets its second. The time of one turn of the event loop is
 * bounded. So 2,000 clients that come back at once, or one that asks for an hour, never delay the
 * live clients.
 */
import type { Clock } from "@fireworks/time";
import { CATCH_UP_TURN_MS } from "../limits.ts";

export interface Stepper {
	/**
	 * Sends at most one frame. True: it has another one ready. False: wake() must be called for the
	 * next.
	 */
	step(): boolean;
}

export class CatchUpScheduler {
	readonly #clock: Clock;
	readonly #line = new Set<Stepper>();
	#running = false;

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	/** Adds a client to the line, if it is not there yet. */
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
				// Adding it again moves it to the end of the line; this loop still reaches it
				// there.
				if (client.step()) this.#line.add(client);
				if (this.#clock.monotonicMs() >= end) break;
			}
			this.#running = false;
			this.#run();
		});
	}
}
