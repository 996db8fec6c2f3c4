/**
 * Decides when to ping a client, and when the client is dead.
 *
 * A ping goes out at once and then every pingMs. A client that showed no sign of life for 1.9
 * intervals is dead: at 5 s that is 9.5 s. So a dead client is found within 10 s, while a client
 * whose pong takes 4 s more than the one before (5 + 4 s of silence) survives. Time in which this
 * process itself stood still does not count, because what arrived meanwhile has not been read yet.
 */

const SILENCE_INTERVALS = 1.9;
/** If look() is called later than this after the previous call, the process stood still. */
const STANDSTILL_MS = 1_000;

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

	/** The client is alive: it sent a pong of either kind, or showed it in another way. */
	heard(now: number): void {
		this.#heardMs = Math.max(this.#heardMs, now);
	}

	/** Says what to do now. Call it several times per ping interval. */
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
