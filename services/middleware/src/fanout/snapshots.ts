/** Chooses each snapshot once for all clients that want the same one at the same place. */
import type { EventQueue } from "../queue/event-queue.ts";
import type { Place } from "../queue/place.ts";
import { chooseSnapshot, type SnapshotChoice } from "../queue/snapshot.ts";
import { CatchUp } from "./catch-up.ts";
import type { Subscription } from "./subscription.ts";

export class Snapshots {
	readonly #queue: EventQueue;
	readonly #bounds: { snapshotPointsMax: number; snapshotEventsMax: number };
	/** Of one place only: the next flush makes them useless. */
	readonly #choices = new Map<string, SnapshotChoice>();
	#place: Place | undefined;

	constructor(
		queue: EventQueue,
		bounds: { snapshotPointsMax: number; snapshotEventsMax: number },
	) {
		this.#queue = queue;
		this.#bounds = bounds;
	}

	/** windowMs: event time back from each device's newest point. until: where it ends. */
	begin(subscription: Subscription, windowMs: number, until: Place): CatchUp {
		if (this.#place !== until) this.#choices.clear();
		this.#place = until;
		const key = `${subscription.id}|${windowMs}|${until.ordinal}`;
		let choice = this.#choices.get(key);
		if (choice === undefined) {
			choice = chooseSnapshot(
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
		const { since } = choice;
		// The choice may be from a moment ago: its oldest events may have left the queue.
		const first = Math.max(choice.first, this.#queue.oldest);
		const place = first >= until.ordinal ? until : this.#queue.placeAt(first);
		return new CatchUp(place, until, {
			view: { key, since, begun: false },
			until,
		});
	}
}
