/**
 * Positions at every 4,096th event, so that the position at any event is found by a short walk instead of one from the queue's start.
 * Trades 8 bytes for each partition and 4,096 events against milliseconds a snapshot.
 */
import type { Place } from "./place.ts";

export const CHECKPOINT_EVENTS = 4_096;

export class PositionCheckpoints {
	readonly #slots: number;
	readonly #places: (Place | undefined)[] = [];

	/** capacity: the queue's, in events. */
	constructor(capacity: number) {
		this.#slots = Math.ceil(capacity / CHECKPOINT_EVENTS) + 1;
	}

	/** Told of every event before it is appended; keeps what it needs. */
	note(ordinal: number, next: readonly number[]): void {
		if (ordinal % CHECKPOINT_EVENTS !== 0) return;
		this.#places[(ordinal / CHECKPOINT_EVENTS) % this.#slots] = {
			ordinal,
			next: [...next],
		};
	}

	/** The last checkpoint at or before this event, where it is still held. */
	before(ordinal: number): Place | undefined {
		const number = Math.floor(ordinal / CHECKPOINT_EVENTS);
		const place = this.#places[number % this.#slots];
		return place?.ordinal === number * CHECKPOINT_EVENTS ? place : undefined;
	}
}
