/**
 * One client: what it was sent, and what it is sent next.
 *
 *   catching-up  on its own way to the live place, one frame at a time as its socket has room (Pump)
 *   live         gets every frame of its channel as it is encoded
 *   lagging      more waits in its socket than allowed: gets no events until it has drained, then a `gap`, and catches up from the newest
 *   closed
 *
 * Invariants: what waits in the socket never passes `bufferBytesMax`, or one frame where that is more; a device is told before its first event; of the events
 * that it wanted, a client gets each once, in order of offset within a partition, or in a snapshot, or they are counted in a gap.
 */
import { CLOSE, type ErrorCode } from "@fireworks/contracts";
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
import type { Channel } from "./channel.ts";
import type { ClientSocket } from "./client-socket.ts";
import type { Hub } from "./hub.ts";
import type { Stepper } from "./pump.ts";

export type ClientState = "catching-up" | "live" | "lagging" | "closed";

export class Client implements Stepper {
	readonly socket: ClientSocket;
	readonly #hub: Hub;
	#state: ClientState = "catching-up";
	#channel: Channel;
	#windowMs: number;
	#catchUp: CatchUp | undefined;
	/** Small frames that go before any event. */
	readonly #first: Buffer[];
	#devicesVersion = 0;
	/** live: what it was sent goes up to here. While a flush is under way some have it already, and some not yet. */
	#standsAt: Place | undefined;
	/** lagging: where it fell behind. */
	#behindFrom: Place | undefined;
	#laggingMs = 0;
	/** When its socket last took bytes of a catch-up. */
	#tookMs: number;
	/** When it began to wait for a position that is ahead of ours. */
	#aheadMs: number | undefined;

	/** first: frames to begin with. catchUp: undefined for a snapshot. */
	constructor(
		hub: Hub,
		socket: ClientSocket,
		channel: Channel,
		windowMs: number,
		first: Buffer[],
		catchUp: CatchUp | undefined,
	) {
		this.#hub = hub;
		this.socket = socket;
		this.#channel = channel;
		this.#windowMs = windowMs;
		this.#first = first;
		this.#catchUp = catchUp;
		this.#tookMs = hub.clock.monotonicMs();
	}

	get state(): ClientState {
		return this.#state;
	}
	get channel(): Channel {
		return this.#channel;
	}
	/** When a client that catches up last took bytes: a sign of life, where its pongs wait behind them. */
	get tookMs(): number {
		return this.#state === "catching-up" ? this.#tookMs : -Infinity;
	}

	/** Other devices, or another window: a snapshot, then what follows. */
	subscribe(channel: Channel, windowMs: number): void {
		if (this.#state === "closed") return;
		this.#channel = channel;
		this.#windowMs = windowMs;
		this.beginAnew();
	}

	/** Whatever the client had, it begins with a snapshot. */
	beginAnew(): void {
		this.#catchUpBy(undefined);
	}

	#catchUpBy(catchUp: CatchUp | undefined): void {
		this.#catchUp = catchUp;
		this.#behindFrom = undefined;
		this.#aheadMs = undefined;
		this.#tookMs = this.#hub.clock.monotonicMs();
		this.#enter("catching-up");
		this.#hub.pump.wake(this);
	}

	/** Catching up: sends the next frame, if there is one and the socket has room. */
	step(): boolean {
		if (this.#state !== "catching-up") return false;
		const waiting = this.socket.bufferedAmount;
		if (waiting >= CATCH_UP_WINDOW_BYTES) return false;
		const bytes = this.#nextBytes();
		if (bytes === undefined) return false;
		if (waiting === 0) this.#tookMs = this.#hub.clock.monotonicMs();
		this.#send(bytes, () => {
			this.#tookMs = this.#hub.clock.monotonicMs();
			this.#hub.pump.wake(this);
		});
		return true;
	}

	#nextBytes(): Buffer | undefined {
		if (this.#first.length === 0) this.#first.push(...this.#newDevices());
		const small = this.#first.shift();
		if (small !== undefined) return small;
		this.#catchUp ??= this.#hub.snapshot(this.#channel, this.#windowMs);
		const { frames, bounds } = this.#hub;
		const now = this.#catchUp.advance(
			frames,
			this.#channel.subscription,
			this.#hub.livePlace(),
			bounds.bufferBytesMax / EVENT_TEXT_BYTES,
		);
		switch (now.kind) {
			case "frame":
				return now.bytes;
			case "arrived":
				this.#catchUp = undefined;
				this.#standsAt = this.#hub.livePlace();
				this.#enter("live");
				return undefined;
			case "ahead":
				this.#aheadMs ??= this.#hub.clock.monotonicMs();
				return undefined;
			case "too-far":
				this.#fallBehind(now.from);
				this.recover();
				return undefined;
		}
	}

	#newDevices(): readonly Buffer[] {
		const { frames } = this.#hub;
		const version = this.#devicesVersion;
		this.#devicesVersion = frames.queue.devices.version;
		return frames.devicesSince(version);
	}

	/** Live, and still where a flush began: it is to get its frames. */
	awaits(from: Place): boolean {
		return this.#state === "live" && this.#standsAt?.ordinal === from.ordinal;
	}

	/** Takes the channel's new frames, from where it stands up to `until`. */
	deliver(events: readonly EventFrame[], until: Place): void {
		const from = this.#standsAt;
		if (this.#state !== "live" || from === undefined) return;
		this.#standsAt = until;
		if (!this.#tellDevices()) {
			this.#fallBehind(from);
			return;
		}
		for (const { bytes, from: at } of events) {
			if (this.#sendIfFits(bytes)) continue;
			this.#fallBehind(at);
			return;
		}
	}

	/** False where they do not fit: the client knows no more than before. */
	#tellDevices(): boolean {
		const version = this.#devicesVersion;
		if (version === this.#hub.frames.queue.devices.version) return true;
		if (this.#newDevices().every((bytes) => this.#sendIfFits(bytes)))
			return true;
		this.#devicesVersion = version;
		return false;
	}

	/** False where more would wait in the socket than may. */
	#sendIfFits(bytes: Buffer): boolean {
		const waiting = this.socket.bufferedAmount;
		const fits =
			waiting === 0 ||
			waiting + bytes.length <= this.#hub.bounds.bufferBytesMax;
		if (fits) this.#send(bytes);
		return fits;
	}

	/** Live: the queue ran over its next events before they could be sent. */
	overrun(): void {
		if (this.#state === "live" && this.#standsAt !== undefined)
			this.#fallBehind(this.#standsAt);
	}

	#fallBehind(from: Place): void {
		this.#behindFrom = from;
		this.#laggingMs = this.#hub.clock.monotonicMs();
		this.#enter("lagging");
	}

	/** Lagging: skips to the newest where its socket has drained. */
	recover(): void {
		if (this.#state !== "lagging" || this.#behindFrom === undefined) return;
		if (this.socket.bufferedAmount >= CATCH_UP_WINDOW_BYTES) return;
		const { frames, counts } = this.#hub;
		const mask = this.#channel.subscription.mask();
		const live = this.#hub.livePlace();
		const from = this.#behindFrom;
		const count = countEvents(frames.queue, mask, from, live);
		// A client that is ahead of this pod in a partition stays so: nothing comes twice.
		const to = { ...live, next: latest(from.next, live.next) };
		if (count > 0) {
			this.#first.push(gapFrame(from, to, count));
			counts.gaps++;
			counts.eventsSkipped += count;
		}
		this.#catchUpBy(new CatchUp(to, live));
	}

	/** From time to time: what no event brings about. */
	sweep(): void {
		const now = this.#hub.clock.monotonicMs();
		if (this.#state === "lagging") {
			this.recover();
			if (this.#state === "lagging") this.#closeIfSlow(now - this.#laggingMs);
		} else if (this.#state === "catching-up") {
			if (this.socket.bufferedAmount > 0) this.#closeIfSlow(now - this.#tookMs);
			if (this.#aheadMs !== undefined && now - this.#aheadMs >= AHEAD_WAIT_MS)
				this.beginAnew();
			else this.#hub.pump.wake(this);
		}
	}

	#closeIfSlow(slowMs: number): void {
		const { slowMaxMs } = this.#hub.bounds;
		if (slowMs < slowMaxMs) return;
		this.close("slow-client", `stayed slow for ${slowMaxMs} ms`, CLOSE.slow);
	}

	/** Tells why, and closes. */
	close(code: ErrorCode, message: string, closeCode: number): void {
		if (this.#state === "closed") return;
		countUp(this.#hub.counts.closed, code);
		this.#send(errorFrame(code, message));
		this.socket.close(closeCode, code);
		this.ended();
	}

	/** The connection is gone, or about to be. */
	ended(): void {
		if (this.#state === "closed") return;
		this.#enter("closed");
		this.#hub.remove(this);
	}

	#enter(state: ClientState): void {
		this.#state = state;
		this.#hub.moved(this);
	}

	#send(bytes: Buffer, taken?: () => void): void {
		this.#hub.counts.framesSent++;
		this.#hub.counts.bytesSent += bytes.length;
		this.socket.send(bytes, taken);
	}
}
