/**
 * The fan-out: where the live clients stand, and how all of them are moved on.
 *
 * All live clients stand at one place, which flush() moves, or are about to be sent what leads there. New events of the queue wait for
 * the next flush, so a client that joins, by a snapshot or by a position, arrives exactly there and goes on with everyone else.
 */
import {
	encodeStreamPosition,
	type HelloFrame,
	PROTOCOL,
	type StreamPosition,
} from "@fireworks/contracts";
import type { Clock } from "../clock.ts";
import type { Counts } from "../counts.ts";
import type { EventFrame } from "../frames/event-frame.ts";
import { FrameSource } from "../frames/frame-source.ts";
import { helloFrame } from "../frames/small-frames.ts";
import { FLUSH_EVENTS_MAX, FLUSH_TURN_MS } from "../limits.ts";
import type { EventQueue } from "../queue/event-queue.ts";
import type { Place } from "../queue/place.ts";
import { type CatchUp, resumeFrom } from "./catch-up.ts";
import { type Channel, Channels } from "./channel.ts";
import { Client } from "./client.ts";
import type { ClientSocket } from "./client-socket.ts";
import { Pump } from "./pump.ts";
import { Snapshots } from "./snapshots.ts";
import type { Wish } from "./subscription.ts";
import { Turns } from "./turns.ts";

export interface FanoutBounds {
	/** Bytes that wait in one client's socket, at most. */
	bufferBytesMax: number;
	/** A client that takes nothing for so long is closed. */
	slowMaxMs: number;
	snapshotPointsMax: number;
	snapshotEventsMax: number;
}

export interface HubOptions {
	queue: EventQueue;
	clock: Clock;
	counts: Counts;
	bounds: FanoutBounds;
	/** What `hello` tells beside the time and the places. */
	hello: Pick<HelloFrame, "engine" | "batchMs" | "pingMs" | "names" | "units">;
}

export class Hub {
	readonly clock: Clock;
	readonly counts: Counts;
	readonly bounds: FanoutBounds;
	readonly frames: FrameSource;
	readonly pump: Pump;
	readonly #queue: EventQueue;
	readonly #hello: HubOptions["hello"];
	readonly #channels: Channels;
	readonly #snapshots: Snapshots;
	readonly #clients = new Set<Client>();
	readonly #behind = new Set<Client>();
	readonly #turns: Turns;
	#place: Place;
	#generation: number;

	constructor({ queue, clock, counts, bounds, hello }: HubOptions) {
		this.clock = clock;
		this.counts = counts;
		this.bounds = bounds;
		this.#queue = queue;
		this.#hello = hello;
		this.#channels = new Channels(queue.devices);
		this.#snapshots = new Snapshots(queue, bounds);
		this.frames = new FrameSource(queue, clock);
		this.pump = new Pump(clock);
		this.#turns = new Turns(clock, FLUSH_TURN_MS);
		this.#place = queue.headPlace;
		this.#generation = queue.generation;
	}

	/** Where the live clients stand, after they have been told of what the queue dropped meanwhile. */
	livePlace(): Place {
		if (this.#generation !== this.#queue.generation) this.#restart();
		if (this.#place.ordinal < this.#queue.oldest) this.#runOver();
		return this.#place;
	}
	get clients(): ReadonlySet<Client> {
		return this.#clients;
	}
	get channels(): number {
		return this.#channels.size;
	}

	/** A new client. after: where it goes on; without, or where the queue does not reach back so far, it gets a snapshot. */
	add(socket: ClientSocket, wish: Wish, after?: StreamPosition): Client {
		const catchUp = after && resumeFrom(this.#queue, after, this.livePlace());
		if (catchUp !== undefined) this.counts.resumes++;
		const channel = this.#channels.of(wish);
		const client = new Client(
			this,
			socket,
			channel,
			wish.windowMs,
			[this.#helloNow()],
			catchUp,
		);
		this.#clients.add(client);
		channel.clients.add(client);
		this.moved(client);
		this.pump.wake(client);
		return client;
	}

	#helloNow(): Buffer {
		return helloFrame({
			protocol: PROTOCOL,
			serverTime: this.clock.wallMs(),
			...this.#hello,
			deviceCount: this.#queue.devices.count,
			oldest: encodeStreamPosition(this.#queue.low),
			newest: encodeStreamPosition(this.livePlace().next),
		});
	}

	/** The client wants something else from now on, and gets a snapshot of it. */
	subscribe(client: Client, wish: Wish): void {
		if (client.state === "closed") return;
		const channel = this.#channels.of(wish);
		channel.clients.add(client);
		if (channel !== client.channel)
			this.#channels.leave(client.channel, client);
		client.subscribe(channel, wish.windowMs);
	}

	/** A client's snapshot of its channel, up to the live place. */
	snapshot(channel: Channel, windowMs: number): CatchUp {
		this.counts.snapshots++;
		return this.#snapshots.begin(
			channel.subscription,
			windowMs,
			this.livePlace(),
		);
	}

	/** A client came into another state. */
	moved(client: Client): void {
		const { channel, state } = client;
		if (state === "live") channel.live.add(client);
		else channel.live.delete(client);
		if (state === "catching-up" || state === "lagging")
			this.#behind.add(client);
		else this.#behind.delete(client);
	}

	remove(client: Client): void {
		this.#clients.delete(client);
		this.#channels.leave(client.channel, client);
	}

	/** Sends what is new to everyone who is live; then calls done. more: there is more than one flush may send. */
	flush(done: (more: boolean) => void = () => {}): void {
		this.#turns.finish();
		const from = this.livePlace();
		// Nobody to send to: nothing to bound. A pod that fills goes along.
		const most = this.#clients.size === 0 ? Infinity : FLUSH_EVENTS_MAX;
		const until = this.#queue.placeAt(
			Math.min(this.#queue.head, from.ordinal + most),
		);
		this.#place = until;
		this.counts.flushes++;
		this.#turns.begin(this.#deliveries(from, until), () => {
			for (const client of this.#behind) {
				if (client.state === "lagging") client.recover();
				else this.pump.wake(client);
			}
			done(until.ordinal < this.#queue.head);
		});
	}

	/** One client a step. Between two steps anything may happen: clients come, go, and subscribe anew; the queue moves on. */
	*#deliveries(from: Place, until: Place): Generator<void, void> {
		for (const { subscription, live } of this.#channels) {
			let events: readonly EventFrame[] | undefined;
			for (const client of live) {
				// Who came meanwhile, or came back, has these events.
				if (!client.awaits(from)) continue;
				if (events === undefined && from.ordinal >= this.#queue.oldest)
					events = this.frames.live(subscription, from, until);
				if (events === undefined) client.overrun();
				else client.deliver(events, until);
				yield;
			}
		}
	}

	/** Another stream, or a hole in it, that the log itself no longer has: everyone begins anew. */
	#restart(): void {
		this.#generation = this.#queue.generation;
		this.#place = this.#queue.oldestPlace;
		for (const client of this.#clients) client.beginAnew();
	}

	/** More came since the last flush than the queue holds: the live ones are told of the gap like slow ones. */
	#runOver(): void {
		for (const { live } of this.#channels)
			for (const client of live) client.overrun();
		this.#place = this.#queue.oldestPlace;
	}

	/** From time to time: slow clients, and those that wait for something. */
	sweep(): void {
		for (const client of this.#behind) client.sweep();
	}
}
