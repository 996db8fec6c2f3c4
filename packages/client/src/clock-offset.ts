/**
 * The server's wall clock minus ours, estimated from the times that its frames carry.
 *
 * A frame that was stamped S and arrived at R proves: offset >= S - R, since no frame arrives before it was sent. A connection
 * begun at B whose hello was stamped S proves: offset <= S - B. So the truth lies between the highest of the former and
 * the lowest of the latter, and of that range we take the value nearest to zero: two clocks are taken to agree until the
 * frames prove otherwise. On one machine that gives 0 and true latencies; across machines the error is at most the quickest frame's way.
 */

/** Proofs kept: clocks drift apart, so old ones must go. At a ping each 5 s this is five minutes. */
const PROOFS_MAX = 60;

export class ClockOffset {
	#atLeast: number[] = [];
	#atMost = Number.POSITIVE_INFINITY;

	/** A hello, stamped by the server, on a connection that we began at `begunMs` (ours). */
	hello(begunMs: number, serverMs: number, receivedMs: number): void {
		this.#atLeast = [];
		this.#atMost = serverMs - begunMs;
		this.frame(serverMs, receivedMs);
	}

	/** Any frame with the server's time on it. */
	frame(serverMs: number, receivedMs: number): void {
		this.#atLeast.push(serverMs - receivedMs);
		if (this.#atLeast.length > PROOFS_MAX) this.#atLeast.shift();
	}

	/** ms to add to our wall clock to get the server's; 0 while nothing is known. */
	get ms(): number {
		const low = Math.max(...this.#atLeast);
		// A clock that was set since the hello contradicts its proof: the frames, which are newer, win.
		const high = Math.max(low, this.#atMost);
		return Math.max(low, Math.min(high, 0)) || 0;
	}
}
