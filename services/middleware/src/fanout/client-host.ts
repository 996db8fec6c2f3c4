/** What a client needs of the fan-out that it belongs to. */
import type { Clock } from "@fireworks/time";
import type { Counts } from "../counts.ts";
import type { FrameSource } from "../frames/frame-source.ts";
import type { Place } from "../queue/place.ts";
import type { CatchUp } from "./catch-up.ts";
import type { Subscription } from "./subscription.ts";

export interface FanoutBounds {
	/** The most bytes that may wait in one client's socket. */
	bufferBytesMax: number;
	/** A client that takes nothing for this long is closed. */
	slowMaxMs: number;
	snapshotPointsMax: number;
	snapshotEventsMax: number;
}

/** C: the client itself, so that this file does not depend on it. */
export interface ClientHost<C> {
	readonly clock: Clock;
	readonly counts: Counts;
	readonly bounds: FanoutBounds;
	readonly frames: FrameSource;
	/**
	 * The place of all live clients. Asking for it may change the state of any client, also of the
	 * one that asks: if the stream was replaced, every client is restarted. So a client asks first,
	 * and looks at its own state afterwards.
	 */
	livePlace(): Place;
	/** A snapshot of this subscription, up to the live place. */
	snapshot(subscription: Subscription, windowMs: number): CatchUp;
	/** The client has a frame to send, and perhaps room for it. */
	wake(client: C): void;
	/** The client entered another state. */
	moved(client: C): void;
}
