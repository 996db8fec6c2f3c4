/**
 * Encodes every frame once for all clients that want the same.
 *
 * Live frames are requested once per flush and subscription. Catch-up frames depend only on the
 * subscription, the place and the snapshot. So clients that come back together after a restart
 * share them, in an LRU cache that is bounded in bytes. They also share the `devices` frames since
 * a version.
 */

import type { Clock } from "@fireworks/time";
import { LRUCache } from "lru-cache";
import type { Subscription } from "../fanout/subscription.ts";
import type { Place } from "../queue/place.ts";
import type { RingQueue } from "../queue/ring-queue.ts";
import { type EventFrame, encodeEvents } from "./event-frame.ts";

/**
 * A snapshot as its frames need it. key: equal for equal snapshots. begun: its first frame was
 * sent.
 */
export interface SnapshotView {
	readonly key: string;
	readonly since: Float64Array;
	/** The earliest event time; undefined: any. */
	readonly fromMs?: number | undefined;
	begun: boolean;
}

export interface FrameSourceOptions {
	queue: RingQueue;
	clock: Clock;
	/** The frames that announce the devices, or keys, to a client with the table at `version`. */
	announce(version: number): readonly Buffer[];
	/** Bytes of frames kept for other clients that catch up over the same events. */
	cacheBytesMax: number;
}

export class FrameSource {
	readonly queue: RingQueue;
	readonly #clock: Clock;
	readonly #announce: FrameSourceOptions["announce"];
	readonly #frames: LRUCache<string, EventFrame>;
	#devicesKey = "";
	#devices: readonly Buffer[] = [];

	constructor({ queue, clock, announce, cacheBytesMax }: FrameSourceOptions) {
		this.queue = queue;
		this.#clock = clock;
		this.#announce = announce;
		this.#frames = new LRUCache({
			maxSize: cacheBytesMax,
			sizeCalculation: (frame, key) => frame.bytes.length + 2 * key.length,
		});
	}

	/**
	 * The events between the places, in as few frames as the frame size allows; no frames if there
	 * are no events.
	 */
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

	/** The next frame for a client that catches up; it may hold no events. */
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
			{
				mask: subscription.mask(),
				since: snapshot?.since,
				fromMs: snapshot?.fromMs,
			},
			from,
			until,
			this.#clock.wallMs(),
		);
		// A full frame is the same for every `until`.
		this.#frames.set(
			frame.events === this.queue.frameEventsMax ? key : toHere,
			frame,
		);
		return frame;
	}

	/** The `devices`, or `keys`, frames for a client that knows the table at this version. */
	devicesSince(version: number): readonly Buffer[] {
		const key = `${version}-${this.queue.devices.version}`;
		if (key !== this.#devicesKey) {
			this.#devices = this.#announce(version);
			this.#devicesKey = key;
		}
		return this.#devices;
	}
}
