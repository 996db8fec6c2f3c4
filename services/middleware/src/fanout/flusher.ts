/**
 * Keeps the live place, and moves all live clients along with it.
 *
 * All live clients are at one place, the live place, or are about to be sent the events up to it.
 * Only flush() moves it: new events wait in the queue for the next flush. So a client that joins,
 * by a snapshot or by a position, arrives exactly at the live place and continues with all other
 * clients.
 */
import type { Clock } from "@fireworks/time";
import type { EventFrame } from "../frames/event-frame.ts";
import type { FrameSource } from "../frames/frame-source.ts";
import { FLUSH_TURN_MS } from "../limits.ts";
import type { Place } from "../queue/place.ts";
import type { RingQueue } from "../queue/ring-queue.ts";
import type { Channels } from "./channel.ts";
import { TimeSlicer } from "./time-slicer.ts";

export interface FlusherOptions {
	queue: RingQueue;
	frames: FrameSource;
	channels: Channels;
	clock: Clock;
	/**
	 * The stream was replaced, or records we still needed are gone from the log: restart every
	 * client with a snapshot.
	 */
	restartClients(): void;
}

export class Flusher {
	readonly #options: FlusherOptions;
	readonly #slicer: TimeSlicer;
	#place: Place;
	#generation: number;

	constructor(options: FlusherOptions) {
		this.#options = options;
		this.#slicer = new TimeSlicer(options.clock, FLUSH_TURN_MS);
		this.#place = options.queue.headPlace;
		this.#generation = options.queue.generation;
	}

	/**
	 * The live place, after the live clients were informed of events that the queue dropped
	 * meanwhile.
	 */
	livePlace(): Place {
		const { queue, restartClients } = this.#options;
		if (this.#generation !== queue.generation) {
			this.#generation = queue.generation;
			this.#place = queue.oldestPlace;
			restartClients();
		}
		if (this.#place.ordinal < queue.oldest) this.#overrun();
		return this.#place;
	}

	/**
	 * More events arrived since the last flush than the queue holds: the live clients get a gap,
	 * like slow clients.
	 */
	#overrun(): void {
		const { queue, channels } = this.#options;
		for (const { live } of channels)
			for (const client of live) client.overrun();
		this.#place = queue.oldestPlace;
	}

	/**
	 * Sends the next events to all live clients, at most eventsMax, then calls done. more: there are
	 * more events.
	 */
	flush(eventsMax: number, done: (more: boolean) => void): void {
		const { queue } = this.#options;
		this.#slicer.finish();
		const from = this.livePlace();
		const until = queue.placeAt(Math.min(queue.head, from.ordinal + eventsMax));
		this.#place = until;
		this.#slicer.begin(this.#deliveries(from, until), () =>
			done(until.ordinal < queue.head),
		);
	}

	/**
	 * One client per step. Anything may happen between two steps: clients come, go and change their
	 * subscription, and the queue moves on.
	 */
	*#deliveries(from: Place, until: Place): Generator<void, void> {
		const { queue, frames, channels } = this.#options;
		for (const { subscription, live } of channels) {
			let events: readonly EventFrame[] | undefined;
			for (const client of live) {
				// A client that joined or came back meanwhile has these events already.
				if (!client.awaits(from)) continue;
				if (events === undefined && from.ordinal >= queue.oldest)
					events = frames.live(subscription, from, until);
				if (events === undefined) client.overrun();
				else client.deliver(events, until);
				yield;
			}
		}
	}
}
