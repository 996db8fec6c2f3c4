/**
 * One client: what it was sent, and what it is sent next. Its states are in client-state.ts.
 *
 * - What waits in its socket never exceeds `bufferBytesMax`, or one frame if that is more.
 * - A device is announced before its first event.
 * - The client gets each event that it wants once, in order of offset within a partition, or in a
 *   snapshot, or the event is counted in a gap.
 */
import { CLOSE, type StreamErrorCode } from "@fireworks/contracts";
import { countUp } from "../counts.ts";
import { countEvents, type EventFrame } from "../frames/event-frame.ts";
import { errorFrame, gapFrame } from "../frames/small-frames.ts";
import {
	AHEAD_WAIT_MS,
	CATCH_UP_WINDOW_BYTES,
	EVENT_TEXT_BYTES,
} from "../limits.ts";
import { latest, type Place } from "../queue/place.ts";
import { CatchUp } from "./catch-up.ts";
import type { Stepper } from "./catch-up-scheduler.ts";
import type { ClientHost } from "./client-host.ts";
import type { ClientSocket } from "./client-socket.ts";
import {
	type ClientEvent,
	type ClientState,
	nextClientState,
} from "./client-state.ts";
import { Outbox } from "./outbox.ts";
import type { Subscription } from "./subscription.ts";

export interface ClientStart {
	subscription: Subscription;
	windowMs: number;
	/** Small frames that are sent before any event. */
	first: Buffer[];
	/** Where it resumes; undefined: it begins with a snapshot. */
	catchUp: CatchUp | undefined;
}

export class Client implements Stepper {
	readonly socket: ClientSocket;
	readonly #host: ClientHost<Client>;
	readonly #outbox: Outbox;
	/** Small frames that are sent before any event. */
	readonly #first: Buffer[];
	#state: ClientState = "catching-up";
	#subscription: Subscription;
	#windowMs: number;
	/** catching-up: undefined before a snapshot is chosen. */
	#catchUp: CatchUp | undefined;
	/**
	 * live: the place up to which the client was sent events. During a flush, some clients are
	 * ahead of others.
	 */
	#sentUpTo: Place | undefined;
	/** lagging: the place where it fell behind. */
	#behindFrom: Place | undefined;
	#laggingSinceMs = 0;
	/** When its socket last took bytes of a catch-up. */
	#takenMs: number;
	/** When it began to wait because its position is ahead of ours. */
	#aheadSinceMs: number | undefined;

	constructor(
		host: ClientHost<Client>,
		socket: ClientSocket,
		{ subscription, windowMs, first, catchUp }: ClientStart,
	) {
		const { frames, counts, bounds, clock } = host;
		this.#host = host;
		this.socket = socket;
		this.#outbox = new Outbox(socket, frames, counts, bounds.bufferBytesMax);
		this.#subscription = subscription;
		this.#windowMs = windowMs;
		this.#first = first;
		this.#catchUp = catchUp;
		this.#takenMs = clock.monotonicMs();
	}

	get state(): ClientState {
		return this.#state;
	}
	get subscription(): Subscription {
		return this.#subscription;
	}
	/**
	 * When the socket of a client that catches up last took bytes. This shows that the client is
	 * alive while its pongs are queued behind those bytes.
	 */
	get takenMs(): number {
		return this.#state === "catching-up" ? this.#takenMs : -Infinity;
	}

	/** Switches to other devices or another window: a snapshot, then the events after it. */
	subscribe(subscription: Subscription, windowMs: number): void {
		if (this.#state === "closed") return;
		this.#subscription = subscription;
		this.#windowMs = windowMs;
		this.restart();
	}

	/** Restarts the client with a snapshot, whatever it had. */
	restart(): void {
		this.#startCatchUp("restarted", undefined);
	}

	#startCatchUp(why: ClientEvent, catchUp: CatchUp | undefined): void {
		this.#catchUp = catchUp;
		this.#behindFrom = undefined;
		this.#aheadSinceMs = undefined;
		this.#takenMs = this.#host.clock.monotonicMs();
		this.#meet(why);
		this.#host.wake(this);
	}

	/** catching-up: sends the next frame, if there is one and the socket has room. */
	step(): boolean {
		if (this.#state !== "catching-up") return false;
		const { waiting } = this.#outbox;
		if (waiting >= CATCH_UP_WINDOW_BYTES) return false;
		const bytes = this.#nextFrame();
		if (bytes === undefined) return false;
		if (waiting === 0) this.#takenMs = this.#host.clock.monotonicMs();
		this.#outbox.send(bytes, () => {
			this.#takenMs = this.#host.clock.monotonicMs();
			this.#host.wake(this);
		});
		return true;
	}

	#nextFrame(): Buffer | undefined {
		// Before anything else: it may restart this client, and so drop its catch-up.
		const live = this.#host.livePlace();
		if (this.#first.length === 0)
			this.#first.push(...this.#outbox.takeNewDevices());
		const small = this.#first.shift();
		if (small !== undefined) return small;
		this.#catchUp ??= this.#host.snapshot(this.#subscription, this.#windowMs);
		const next = this.#catchUp.advance(
			this.#host.frames,
			this.#subscription,
			live,
			this.#host.bounds.bufferBytesMax / EVENT_TEXT_BYTES,
		);
		switch (next.kind) {
			case "frame":
				return next.bytes;
			case "arrived":
				this.#catchUp = undefined;
				this.#sentUpTo = live;
				this.#meet("arrived");
				return undefined;
			case "ahead":
				this.#aheadSinceMs ??= this.#host.clock.monotonicMs();
				return undefined;
			case "too-far":
				this.#fallBehind(next.from);
				this.recover();
				return undefined;
		}
	}

	/**
	 * True if the client is live and still at the place where the flush began: it must get the
	 * flush's frames.
	 */
	awaits(from: Place): boolean {
		return this.#state === "live" && this.#sentUpTo?.ordinal === from.ordinal;
	}

	/** Sends the subscription's new frames, from the client's place up to `until`. */
	deliver(events: readonly EventFrame[], until: Place): void {
		const from = this.#sentUpTo;
		if (this.#state !== "live" || from === undefined) return;
		this.#sentUpTo = until;
		if (!this.#outbox.announceDevices()) {
			this.#fallBehind(from);
			return;
		}
		for (const { bytes, from: at } of events) {
			if (this.#outbox.sendIfFits(bytes)) continue;
			this.#fallBehind(at);
			return;
		}
	}

	/** live: the queue dropped the client's next events before they could be sent. */
	overrun(): void {
		if (this.#state === "live" && this.#sentUpTo !== undefined)
			this.#fallBehind(this.#sentUpTo);
	}

	#fallBehind(from: Place): void {
		this.#behindFrom = from;
		this.#laggingSinceMs = this.#host.clock.monotonicMs();
		this.#meet("fell-behind");
	}

	/** lagging: skips to the newest events once the socket has drained. */
	recover(): void {
		// Before anything else: it may restart this client, which then no longer lags.
		const live = this.#host.livePlace();
		const from = this.#behindFrom;
		if (this.#state !== "lagging" || from === undefined) return;
		if (this.#outbox.waiting >= CATCH_UP_WINDOW_BYTES) return;
		const { frames, counts } = this.#host;
		const mask = this.#subscription.mask();
		const count = countEvents(frames.queue, mask, from, live);
		// A client that is ahead of this pod in a partition stays ahead: no event comes twice.
		const to = { ...live, next: latest(from.next, live.next) };
		if (count > 0) {
			this.#first.push(gapFrame(from, to, count, frames.queue.tag));
			counts.gaps++;
			counts.eventsSkipped += count;
		}
		this.#startCatchUp("drained", new CatchUp(to, live));
	}

	/** Called regularly: handles what no event triggers. */
	sweep(): void {
		const now = this.#host.clock.monotonicMs();
		if (this.#state === "lagging") {
			this.recover();
			if (this.#state === "lagging")
				this.#closeIfSlow(now - this.#laggingSinceMs);
		} else if (this.#state === "catching-up") {
			if (this.#outbox.waiting > 0) this.#closeIfSlow(now - this.#takenMs);
			const aheadMs = now - (this.#aheadSinceMs ?? now);
			if (aheadMs >= AHEAD_WAIT_MS) this.restart();
			else this.#host.wake(this);
		}
	}

	#closeIfSlow(slowMs: number): void {
		const { slowMaxMs } = this.#host.bounds;
		if (slowMs < slowMaxMs) return;
		this.close("slow-client", `stayed slow for ${slowMaxMs} ms`, CLOSE.slow);
	}

	/** Sends the reason, and closes. */
	close(code: StreamErrorCode, message: string, closeCode: number): void {
		if (this.#state === "closed") return;
		countUp(this.#host.counts.closed, code);
		this.#outbox.send(errorFrame(code, message));
		this.socket.close(closeCode, code);
		this.ended();
	}

	/** The connection is closed, or about to close. */
	ended(): void {
		if (this.#state !== "closed") this.#meet("ended");
	}

	#meet(event: ClientEvent): void {
		this.#state = nextClientState(this.#state, event);
		this.#host.moved(this);
	}
}
