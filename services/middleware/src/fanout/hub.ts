/** The fan-out: its clients, their subscriptions, and what each of them begins with. */
import {
	encodeStreamPosition,
	type StreamPosition,
} from "@fireworks/contracts";
import type { Clock } from "@fireworks/time";
import type { Counts } from "../counts.ts";
import { FrameSource } from "../frames/frame-source.ts";
import type { HubFrames } from "../frames/hub-frames.ts";
import { FLUSH_EVENTS_MAX, FRAME_CACHE_BYTES_MAX } from "../limits.ts";
import type { Place } from "../queue/place.ts";
import type { RingQueue } from "../queue/ring-queue.ts";
import { type CatchUp, resumeFrom } from "./catch-up.ts";
import { CatchUpScheduler } from "./catch-up-scheduler.ts";
import { Channels } from "./channel.ts";
import { Client } from "./client.ts";
import type { ClientHost, FanoutBounds } from "./client-host.ts";
import type { ClientSocket } from "./client-socket.ts";
import { Flusher } from "./flusher.ts";
import {
	NEWEST_OF_EACH_DEVICE,
	type SnapshotRule,
	Snapshots,
} from "./snapshots.ts";
import type { Subscription, SubscriptionRequest } from "./subscription.ts";

export interface HubOptions {
	queue: RingQueue;
	clock: Clock;
	counts: Counts;
	bounds: FanoutBounds;
	frames: HubFrames;
	/** What a snapshot holds. Default: the newest points of each device. */
	snapshotRule?: SnapshotRule;
	/** Default: FRAME_CACHE_BYTES_MAX. */
	frameCacheBytesMax?: number;
}

export class Hub implements ClientHost<Client> {
	readonly clock: Clock;
	readonly counts: Counts;
	readonly bounds: FanoutBounds;
	readonly frames: FrameSource;
	readonly #queue: RingQueue;
	readonly #hello: HubFrames["hello"];
	readonly #channels: Channels;
	readonly #flusher: Flusher;
	readonly #snapshots: Snapshots;
	readonly #scheduler: CatchUpScheduler;
	readonly #clients = new Set<Client>();
	/** The clients that catch up or lag. */
	readonly #behind = new Set<Client>();

	constructor(options: HubOptions) {
		const { queue, clock, counts, bounds, frames } = options;
		this.clock = clock;
		this.counts = counts;
		this.bounds = bounds;
		this.#queue = queue;
		this.#hello = frames.hello;
		this.frames = new FrameSource({
			queue,
			clock,
			announce: frames.announce,
			cacheBytesMax: options.frameCacheBytesMax ?? FRAME_CACHE_BYTES_MAX,
		});
		this.#channels = new Channels(queue.devices);
		this.#snapshots = new Snapshots(
			queue,
			bounds,
			options.snapshotRule ?? NEWEST_OF_EACH_DEVICE,
		);
		this.#scheduler = new CatchUpScheduler(clock);
		this.#flusher = new Flusher({
			queue,
			clock,
			frames: this.frames,
			channels: this.#channels,
			restartClients: () => {
				for (const client of this.#clients) client.restart();
			},
		});
	}

	get clients(): ReadonlySet<Client> {
		return this.#clients;
	}
	/** Number of distinct subscriptions. */
	get subscriptions(): number {
		return this.#channels.size;
	}

	/**
	 * Adds a client. after: where it resumes. Without it, or if the queue does not reach back that
	 * far, the client gets a snapshot.
	 */
	add(
		socket: ClientSocket,
		request: SubscriptionRequest,
		after?: StreamPosition,
	): Client {
		const catchUp = after && resumeFrom(this.#queue, after, this.livePlace());
		if (catchUp !== undefined) this.counts.resumes++;
		const client = new Client(this, socket, {
			subscription: this.#channels.subscriptionOf(request),
			windowMs: request.windowMs,
			first: [this.#helloNow()],
			catchUp,
		});
		this.#clients.add(client);
		this.#channels.join(client);
		this.moved(client);
		this.wake(client);
		return client;
	}

	#helloNow(): Buffer {
		const { devices, low, tag } = this.#queue;
		return this.#hello({
			serverTime: this.clock.wallMs(),
			count: devices.count,
			oldest: encodeStreamPosition(low, tag),
			newest: encodeStreamPosition(this.livePlace().next, tag),
		});
	}

	/** Changes the client's subscription, and sends a snapshot of the new one. */
	subscribe(client: Client, request: SubscriptionRequest): void {
		if (client.state === "closed") return;
		const subscription = this.#channels.subscriptionOf(request);
		this.#channels.leave(client);
		client.subscribe(subscription, request.windowMs);
		this.#channels.join(client);
	}

	livePlace(): Place {
		return this.#flusher.livePlace();
	}

	snapshot(subscription: Subscription, windowMs: number): CatchUp {
		this.counts.snapshots++;
		return this.#snapshots.begin(subscription, windowMs, this.livePlace());
	}

	wake(client: Client): void {
		this.#scheduler.wake(client);
	}

	moved(client: Client): void {
		const { state } = client;
		this.#channels.moved(client);
		if (state === "catching-up" || state === "lagging")
			this.#behind.add(client);
		else this.#behind.delete(client);
		if (state !== "closed") return;
		this.#clients.delete(client);
		this.#channels.leave(client);
	}

	/**
	 * Sends the new events to all live clients, then calls done. more: there are more events than
	 * one flush may send.
	 */
	flush(done: (more: boolean) => void = () => {}): void {
		this.counts.flushes++;
		// Without clients, sending takes no time, so no bound is needed. A pod that is filling
		// keeps up.
		const eventsMax = this.#clients.size === 0 ? Infinity : FLUSH_EVENTS_MAX;
		this.#flusher.flush(eventsMax, (more) => {
			for (const client of this.#behind) {
				if (client.state === "lagging") client.recover();
				else this.wake(client);
			}
			done(more);
		});
	}

	/** Called regularly: checks the slow clients, and those that wait for something. */
	sweep(): void {
		for (const client of this.#behind) client.sweep();
	}
}
