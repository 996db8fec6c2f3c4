/**
 * When to ping a client, and when it is dead.
 *
 * A ping goes out at once and then every pingMs. A client from which nothing was heard for 1.9 intervals is dead: at 5 s that is 9.5 s, so a dead one is
 * found within 10 s, and one whose pong takes 4 s more than the one before (5 + 4 s of silence) is not. Time in which this process itself stood still does
 * not count: whatever came meanwhile has not been read yet.
 */

export const SILENCE_INTERVALS = 1.9;
/** Looks that come later than this after the one before mean that the process stood still. */
export const STANDSTILL_MS = 1_000;

export type Beat = "ping" | "dead" | "wait";

export class Heartbeat {
	readonly #pingMs: number;
	#heardMs: number;
	#nextPingMs: number;
	#lookedMs: number;

	/** now: ms of a monotonic clock, here and below. */
	constructor(pingMs: number, now: number) {
		this.#pingMs = pingMs;
		this.#heardMs = now;
		this.#nextPingMs = now;
		this.#lookedMs = now;
	}

	/** Either pong, or any other sign of life. */
	heard(now: number): void {
		this.#heardMs = Math.max(this.#heardMs, now);
	}

	/** To be asked several times a ping interval: what to do now. */
	look(now: number): Beat {
		const stoodStillMs = now - this.#lookedMs;
		if (stoodStillMs > STANDSTILL_MS) this.#heardMs += stoodStillMs;
		this.#lookedMs = now;
		if (now - this.#heardMs >= SILENCE_INTERVALS * this.#pingMs) return "dead";
		if (now < this.#nextPingMs) return "wait";
		this.#nextPingMs += this.#pingMs;
		if (this.#nextPingMs <= now) this.#nextPingMs = now + this.#pingMs;
		return "ping";
	}
}
