/** Chooses each snapshot once for all clients that want the same one at the same place. */

import type { Place } from "../queue/place.ts";
import type { RingQueue } from "../queue/ring-queue.ts";
import {
	chooseSnapshot,
	type SnapshotBounds,
	type SnapshotChoice,
} from "../queue/snapshot.ts";
import { CatchUp } from "./catch-up.ts";
import type { Subscription } from "./subscription.ts";

/** Which events a snapshot holds. */
export interface SnapshotRule {
	choose(
		queue: RingQueue,
		devices: Iterable<number>,
		until: number,
		bounds: SnapshotBounds,
	): SnapshotChoice;
	/** Choices of one era are equal; a rule that looks at the clock has a new era now and then. */
	era(): number;
}

export const NEWEST_OF_EACH_DEVICE: SnapshotRule = {
	choose: chooseSnapshot,
	era: () => 0,
};

export class Snapshots {
	readonly #queue: RingQueue;
	readonly #bounds: { snapshotPointsMax: number; snapshotEventsMax: number };
	readonly #rule: SnapshotRule;
	/** All for one place and era: the next flush makes them useless. */
	readonly #choices = new Map<string, SnapshotChoice>();
	#place: Place | undefined;
	#era = 0;

	constructor(
		queue: RingQueue,
		bounds: { snapshotPointsMax: number; snapshotEventsMax: number },
		rule: SnapshotRule,
	) {
		this.#queue = queue;
		this.#bounds = bounds;
		this.#rule = rule;
	}

	/**
	 * windowMs: event time, as the rule understands it. until: where the snapshot ends.
	 */
	begin(subscription: Subscription, windowMs: number, until: Place): CatchUp {
		const era = this.#rule.era();
		if (this.#place !== until || this.#era !== era) this.#choices.clear();
		this.#place = until;
		this.#era = era;
		const key = `${subscription.id}|${windowMs}|${until.ordinal}|${era}`;
		let choice = this.#choices.get(key);
		if (choice === undefined) {
			choice = this.#rule.choose(
				this.#queue,
				subscription.indexes(),
				until.ordinal,
				{
					windowMs,
					pointsMax: this.#bounds.snapshotPointsMax,
					eventsMax: this.#bounds.snapshotEventsMax,
				},
			);
			this.#choices.set(key, choice);
		}
		const { since, fromMs } = choice;
		// The choice may be a moment old: its oldest events may have left the queue.
		const first = Math.max(choice.first, this.#queue.oldest);
		const place = first >= until.ordinal ? until : this.#queue.placeAt(first);
		return new CatchUp(place, until, {
			view: { key, since, fromMs, begun: false },
			until,
		});
	}
}
