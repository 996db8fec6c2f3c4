/**
 * One device's path as the page knows it: its ring, and how new events are added to it.
 *
 * Both seq and event time of one device rise (packages/contracts). So an event at or before the
 * last one is a repeat, and is skipped. An event with a later time but a seq that is not above the
 * last belongs to another stream (a purged topic): the old path is dropped.
 */
import { type Point, Ring } from "./ring.ts";

export class Path {
	readonly ring: Ring;
	last: Point | undefined;

	constructor(pointsMax: number) {
		this.ring = new Ring(pointsMax);
	}

	clear(): void {
		this.ring.clear();
		this.last = undefined;
	}

	/** Adds the next event; false if it is a repeat. */
	append(event: Point): boolean {
		const { last } = this;
		if (last && event.timeMs <= last.timeMs) return false;
		if (last && event.seq <= last.seq) this.ring.clear();
		// A record contains the time since the previous record. If more time than that has passed
		// on the page, records are missing here.
		const hole =
			this.ring.length > 0 &&
			last !== undefined &&
			event.timeMs - last.timeMs > event.dtS * 1_000 + 1;
		this.ring.push(event, hole);
		this.last = event;
		return true;
	}

	/**
	 * Adds a snapshot's events of this device, oldest first.
	 *
	 * If the snapshot agrees with our path, or begins after it (a hole), only newer events are
	 * added, and a longer history of ours stays. If it reaches further back, or contradicts our
	 * path, it replaces the path. A long snapshot continues in batches, which append() takes.
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
			this.clear();
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

	/**
	 * The value at an event time: that of the newest point at or before it, or else of the first
	 * point. undefined: there are no points.
	 */
	valueAt(timeMs: number): number | undefined {
		const { ring } = this;
		if (ring.length === 0) return undefined;
		const after = ring.firstAtOrAfter(timeMs + 1);
		return ring.value[Math.max(ring.begin, after - 1)];
	}
}
