/**
 * Encodes every frame once for all who want the same.
 *
 * Live frames are asked for once a flush and subscription. Catch-up frames depend on the subscription, the place and the snapshot alone, so clients that come
 * back together after a restart share them by an LRU that is bounded in bytes; so do the devices that changed since a version.
 */
import { LRUCache } from "lru-cache";
import type { Clock } from "../clock.ts";
import type { Subscription } from "../fanout/subscription.ts";
import { FRAME_CACHE_BYTES_MAX, FRAME_EVENTS_MAX } from "../limits.ts";
import type { EventQueue } from "../queue/event-queue.ts";
import type { Place } from "../queue/place.ts";
import { type EventFrame, encodeEvents } from "./event-frame.ts";
import { devicesFrames } from "./small-frames.ts";

/** A snapshot as its frames need it. key: two with the same key are the same. begun: its first frame was sent. */
export interface SnapshotView {
	readonly key: string;
	readonly since: Float64Array;
	begun: boolean;
}

export class FrameSource {
	readonly queue: EventQueue;
	readonly #clock: Clock;
	readonly #frames = new LRUCache<string, EventFrame>({
		maxSize: FRAME_CACHE_BYTES_MAX,
		sizeCalculation: (frame, key) => frame.bytes.length + 2 * key.length,
	});
	#devicesKey = "";
	#devices: readonly Buffer[] = [];

	constructor(queue: EventQueue, clock: Clock) {
		this.queue = queue;
		this.#clock = clock;
	}

	/** The events between the places in as few frames as their bound allows; none where there is no event. */
	live(subscription: Subscription, from: Place, until: Place): EventFrame[] {
		const frames: EventFrame[] = [];
		const mask = subscription.mask();
		for (let place = from; place.ordinal < until.ordinal; ) {
			const frame = encodeEvents(
				this.queue,
				"batch",
				{ mask },
				place,
				until,
				this.#clock.wallMs(),
			);
			if (frame.events > 0) frames.push(frame);
			place = frame.to;
		}
		return frames;
	}

	/** The next frame of a client that catches up: it may hold no event. */
	catchUp(
		subscription: Subscription,
		from: Place,
		until: Place,
		snapshot?: SnapshotView,
	): EventFrame {
		const key = `${subscription.id}|${snapshot?.key}|${snapshot?.begun}|${from.ordinal}|${from.next.join(".")}`;
		const toHere = `${key}|${until.ordinal}`;
		const known = this.#frames.get(key) ?? this.#frames.get(toHere);
		if (known !== undefined && known.to.ordinal <= until.ordinal) return known;
		const frame = encodeEvents(
			this.queue,
			snapshot?.begun === false ? "snapshot" : "batch",
			{ mask: subscription.mask(), since: snapshot?.since },
			from,
			until,
			this.#clock.wallMs(),
		);
		// A full frame is the same however far its reader may go on.
		this.#frames.set(frame.events === FRAME_EVENTS_MAX ? key : toHere, frame);
		return frame;
	}

	/** `devices` frames for a client that knows the table at this version. */
	devicesSince(version: number): readonly Buffer[] {
		const key = `${version}-${this.queue.devices.version}`;
		if (key !== this.#devicesKey) {
			this.#devices = devicesFrames(this.queue.devices.changedSince(version));
			this.#devicesKey = key;
		}
		return this.#devices;
	}
}
