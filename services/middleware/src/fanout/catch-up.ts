/**
 * A client's own way from a place in the queue, or from a snapshot, to where the live ones stand.
 *
 * Nothing is encoded ahead: each frame is made (or found, where another client just took it) when the client has room for it. So a client that
 * wants an hour costs a place and, with a snapshot, one threshold for each device.
 */
import type { StreamPosition } from "@fireworks/contracts";
import type { FrameSource, SnapshotView } from "../frames/frame-source.ts";
import type { EventQueue } from "../queue/event-queue.ts";
import type { Place } from "../queue/place.ts";
import type { Subscription } from "./subscription.ts";

export type Advance =
	| { kind: "frame"; bytes: Buffer }
	/** The client has all that the live ones have. */
	| { kind: "arrived" }
	/** It has more than this pod has read: wait, so that nothing comes twice. */
	| { kind: "ahead" }
	/** The queue has dropped what comes next, or the client takes less than comes in: skip to the newest. */
	| { kind: "too-far"; from: Place };

export class CatchUp {
	#place: Place;
	#snapshot: { view: SnapshotView; until: Place } | undefined;
	/** Catching up goes in legs: to where the live ones stood when the leg began. */
	#legEnd: number;
	#legEvents: number;

	/** live: where the live clients stand now. snapshot: taken before the client goes on from its `until`. */
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

	/** The next thing to do. live: where the live clients stand. behindEventsMax: a client that gets no nearer may be so far behind. */
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
			// A snapshot tells where the client stands, so its first frame comes even without events.
			if (frame.events > 0 || first)
				return { kind: "frame", bytes: frame.bytes };
		}
	}

	/** A snapshot of which the oldest points have left the queue meanwhile just begins later. */
	#shorten({ queue }: FrameSource): boolean {
		if (this.#snapshot === undefined) return false;
		const { until } = this.#snapshot;
		this.#place = until.ordinal <= queue.oldest ? until : queue.oldestPlace;
		return this.#place.ordinal >= queue.oldest || !this.#snapshot.view.begun;
	}

	/** Each leg must be half of the one before, or short: a client that takes less than comes in never arrives. */
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

/** From a position that a client had from this or any other pod; undefined where the queue does not reach back so far. */
export function resumeFrom(
	queue: EventQueue,
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
