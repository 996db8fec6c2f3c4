/**
 * The server's wall clock minus ours, estimated from the timestamps in its frames.
 *
 * Each frame gives a bound. A frame stamped S that arrived at R proves offset >= S - R, as no frame
 * arrives before it was sent. A connection begun at B whose hello was stamped S proves
 * offset <= S - B. So the true offset lies between the highest lower bound and the lowest upper
 * bound. From that range we take the value nearest to zero: we assume that the two clocks agree
 * until frames prove otherwise. On one machine that gives 0 and exact latencies. Across machines
 * the error is at most the travel time of the fastest frame.
 */

/**
 * Number of bounds that are kept. Clocks drift apart, so old ones must go. With a ping every 5 s
 * this is five minutes.
 */
const PROOFS_MAX = 60;

export class ClockOffset {
	#atLeast: number[] = [];
	#atMost = Number.POSITIVE_INFINITY;

	/**
	 * Takes a hello stamped by the server, on a connection that we began at `begunMs` (our clock).
	 */
	hello(begunMs: number, serverMs: number, receivedMs: number): void {
		this.#atLeast = [];
		this.#atMost = serverMs - begunMs;
		this.frame(serverMs, receivedMs);
	}

	/** Takes any frame that carries the server's time. */
	frame(serverMs: number, receivedMs: number): void {
		this.#atLeast.push(serverMs - receivedMs);
		if (this.#atLeast.length > PROOFS_MAX) this.#atLeast.shift();
	}

	/** ms to add to our wall clock to get the server's; 0 while nothing is known. */
	get ms(): number {
		const low = Math.max(...this.#atLeast);
		// If a clock was set after the hello, the two bounds contradict each other. The frames are
		// newer, so they win.
		const high = Math.max(low, this.#atMost);
		return Math.max(low, Math.min(high, 0)) || 0;
	}
}
