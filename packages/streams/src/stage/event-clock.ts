/**
 * A task's event-time clock: the newest event time seen. It never goes back. While no record comes
 * it advances with the wall clock from where it is, so that windows close when traffic stops; for
 * old data it does not jump to today.
 */

/**
 * The clock of an idle task stays this far behind the wall clock's advance. A record that was
 * slower than the one before it by less than this is then not late.
 */
const SLACK_MS = 1_000;

export class EventClock {
	#now: number | undefined;
	/** The clock and the wall time when the task was last busy. */
	#busyAt: number | undefined;
	#busyWall = 0;

	/** ms since 1970; undefined: no record was seen yet. */
	get now(): number | undefined {
		return this.#now;
	}

	/** Sets the clock to what the position holds. wall: ms since 1970. */
	restore(now: number | undefined, wall: number): void {
		this.#now = now;
		this.#busyAt = now;
		this.#busyWall = wall;
	}

	/** A record of this event time is processed. */
	advance(to: number): void {
		if (this.#now === undefined || to > this.#now) this.#now = to;
	}

	/** All records that had come were processed at this wall time. */
	busy(wall: number): void {
		this.#busyAt = this.#now;
		this.#busyWall = wall;
	}

	/** No record has come until this wall time. */
	idle(wall: number): void {
		if (this.#busyAt !== undefined)
			this.advance(
				this.#busyAt +
					Math.max(0, Math.floor(wall - this.#busyWall) - SLACK_MS),
			);
	}
}
