/**
 * One device's path as the page knows it: its ring, and what joins new events to it.
 *
 * Of one device seq and event time both rise (packages/contracts). So an event at or before the last one is a repeat, and is left out; one
 * with a later time but a seq that is not above the last belongs to a stream that began anew (a purged topic): the old path goes.
 */
import { type Point, Ring } from "./ring.ts";

export class Path {
	readonly ring: Ring;
	last: Point | undefined;

	constructor(pointsMax: number) {
		this.ring = new Ring(pointsMax);
	}

	/** Takes the next event; false where it is a repeat. */
	append(event: Point): boolean {
		const { last } = this;
		if (last && event.timeMs <= last.timeMs) return false;
		if (last && event.seq <= last.seq) this.ring.clear();
		// A record carries the time since the one before it: more time than that on the page means that records are missing here.
		const hole =
			this.ring.length > 0 &&
			last !== undefined &&
			event.timeMs - last.timeMs > event.dtS * 1_000 + 1;
		this.ring.push(event, hole);
		this.last = event;
		return true;
	}

	/**
	 * Joins a snapshot's events of this device, oldest first.
	 *
	 * Where it tells the same as our path, or begins after it (a hole), only what is newer is added, and a longer history than the snapshot's
	 * stays. Where it reaches further back, or contradicts us, it replaces the path. A long snapshot goes on in batches, which append() takes.
	 */
	join(events: readonly Point[]): void {
		const first = events[0];
		const { last, ring } = this;
		if (!first) return;
		const goesOn =
			last !== undefined &&
			(first.timeMs > last.timeMs
				? first.seq > last.seq
				: this.#holds(events.findLast((e) => e.timeMs <= last.timeMs)));
		const reachesFurther =
			ring.length > 0 && first.timeMs < (ring.time[ring.begin] as number);
		if (!goesOn || reachesFurther) {
			ring.clear();
			this.last = undefined;
		}
		for (const event of events) this.append(event);
	}

	#holds(event: Point | undefined): boolean {
		if (!event) return false;
		const { ring } = this;
		const i = ring.firstAtOrAfter(event.timeMs);
		return (
			i < ring.end &&
			ring.time[i] === event.timeMs &&
			ring.seq[i] === event.seq &&
			ring.value[i] === event.value
		);
	}

	/** The value at an event time: of the newest point at or before it, or of the first point. undefined: no point. */
	valueAt(timeMs: number): number | undefined {
		const { ring } = this;
		if (ring.length === 0) return undefined;
		const after = ring.firstAtOrAfter(timeMs + 1);
		return ring.value[Math.max(ring.begin, after - 1)];
	}
}
