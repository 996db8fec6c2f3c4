/**
 * Moves one client from a place in the queue, or from a snapshot, to the live place.
 *
 * No frame is encoded in advance. Each frame is made when the client has room for it, or taken from
 * a client that just got the same one. So a client that asks for an hour costs only a place and,
 * with a snapshot, one threshold for each device.
 */
import type { StreamPosition } from "@fireworks/contracts";
import type { FrameSource, SnapshotView } from "../frames/frame-source.ts";
import type { Place } from "../queue/place.ts";
import type { RingQueue } from "../queue/ring-queue.ts";
import type { Subscription } from "./subscription.ts";

export type Advance =
	| { kind: "frame"; bytes: Buffer }
	/** The client has everything that the live clients have. */
	| { kind: "arrived" }
	/** The client has more than this pod has read: it waits, so that no event comes twice. */
	| { kind: "ahead" }
	/**
	 * The queue has dropped the client's next events, or events arrive faster than the client takes
	 * them: skip to the newest.
	 */
	| { kind: "too-far"; from: Place };

export class CatchUp {
	#place: Place;
	#snapshot: { view: SnapshotView; until: Place } | undefined;
	/** Catching up goes in legs: each leg ends where the live clients were when it began. */
	#legEnd: number;
	#legEvents: number;

	/** live: the live place now. snapshot: sent first; the client then goes on from its `until`. */
	constructor(
		place: Place,
		live: Place,
		snapshot?: { view: SnapshotView; until: Place },
	) {
		this.#place = place;
		this.#snapshot = snapshot;
		this.#legEnd = live.ordinal;
		this.#legEvents = snapshot ? Infinity : live.ordinal - place.ordinal;
	}

	/**
	 * Returns the next thing to do. live: the live place. behindEventsMax: a client that gets no
	 * nearer may be this far behind.
	 */
	advance(
		frames: FrameSource,
		subscription: Subscription,
		live: Place,
		behindEventsMax: number,
	): Advance {
		for (;;) {
			if (this.#place.ordinal < frames.queue.oldest && !this.#shorten(frames))
				return { kind: "too-far", from: this.#place };
			if (!this.#getsNearer(live, behindEventsMax))
				return { kind: "too-far", from: this.#place };
			const snapshot = this.#snapshot;
			if (snapshot === undefined && this.#place.ordinal === live.ordinal)
				return this.#isAhead(live) ? { kind: "ahead" } : { kind: "arrived" };
			const until = snapshot?.until ?? live;
			const frame = frames.catchUp(
				subscription,
				this.#place,
				until,
				snapshot?.view,
			);
			const first = snapshot?.view.begun === false;
			this.#place = frame.to;
			if (snapshot !== undefined) {
				snapshot.view.begun = true;
				if (frame.to.ordinal === until.ordinal) this.#snapshot = undefined;
			}
			// The first frame of a snapshot carries the client's position, so it is sent even
			// without events.
			if (frame.events > 0 || first)
				return { kind: "frame", bytes: frame.bytes };
		}
	}

	/** Starts the snapshot later, if its oldest points have left the queue meanwhile. */
	#shorten({ queue }: FrameSource): boolean {
		if (this.#snapshot === undefined) return false;
		const { until } = this.#snapshot;
		this.#place = until.ordinal <= queue.oldest ? until : queue.oldestPlace;
		return this.#place.ordinal >= queue.oldest || !this.#snapshot.view.begun;
	}

	/**
	 * Each leg must be half as long as the one before, or short. Otherwise the client takes events
	 * more slowly than they arrive, and never catches up.
	 */
	#getsNearer(live: Place, behindEventsMax: number): boolean {
		if (this.#snapshot !== undefined || this.#place.ordinal < this.#legEnd)
			return true;
		const events = live.ordinal - this.#place.ordinal;
		if (events > behindEventsMax && events > this.#legEvents / 2) return false;
		this.#legEvents = events;
		this.#legEnd = live.ordinal;
		return true;
	}

	#isAhead(live: Place): boolean {
		return this.#place.next.some((offset, p) => offset > (live.next[p] ?? 0));
	}
}

/**
 * Resumes from a position that the client got from this or any other pod; undefined if the queue
 * does not reach back that far.
 */
export function resumeFrom(
	queue: RingQueue,
	position: StreamPosition,
	live: Place,
): CatchUp | undefined {
	if (position.length !== queue.low.length) return undefined;
	if (position.some((offset, p) => offset < (queue.low[p] ?? 0)))
		return undefined;
	const ordinal = position.reduce(
		(least, offset, p) => Math.min(least, queue.firstFrom(p, offset)),
		live.ordinal,
	);
	return new CatchUp({ ordinal, next: position }, live);
}
