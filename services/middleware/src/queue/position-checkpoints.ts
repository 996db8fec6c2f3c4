/**
 * Positions at every 4,096th event. They make the position at any event a short walk away, instead
 * of a walk from the queue's start. This costs 8 bytes for each partition and 4,096 events, and
 * saves milliseconds per snapshot.
 */
import type { Place } from "./place.ts";

const CHECKPOINT_EVENTS = 4_096;

export class PositionCheckpoints {
	readonly #slots: number;
	readonly #places: (Place | undefined)[] = [];

	/** capacity: the queue's, in events. */
	constructor(capacity: number) {
		this.#slots = Math.ceil(capacity / CHECKPOINT_EVENTS) + 1;
	}

	/** The same checkpoints for a queue of another capacity, as far as it has room for them. */
	resized(capacity: number): PositionCheckpoints {
		const resized = new PositionCheckpoints(capacity);
		const places = this.#places.filter((place) => place !== undefined);
		for (const place of places.sort((a, b) => a.ordinal - b.ordinal))
			resized.note(place.ordinal, place.next);
		return resized;
	}

	/** Called for every event before it is appended; keeps a checkpoint if one is due. */
	note(ordinal: number, next: readonly number[]): void {
		if (ordinal % CHECKPOINT_EVENTS !== 0) return;
		this.#places[(ordinal / CHECKPOINT_EVENTS) % this.#slots] = {
			ordinal,
			next: [...next],
		};
	}

	/** The last checkpoint at or before this event, if it is still held. */
	before(ordinal: number): Place | undefined {
		const number = Math.floor(ordinal / CHECKPOINT_EVENTS);
		const place = this.#places[number % this.#slots];
		return place?.ordinal === number * CHECKPOINT_EVENTS ? place : undefined;
	}
}
