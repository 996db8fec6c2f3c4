/**
 * A client of the middleware that stays connected.
 *
 * idle -start-> connecting -hello-> open -end-> reconnecting -its time, or retryNow-> connecting …; close() from anywhere: closed, for good.
 *
 * - After a loss it resumes with `?after=` the last position, so that no event is missing or doubled while the server's queue reaches back;
 *   where it does not, a snapshot comes instead, and `events` says so by its `type`.
 * - The position moves only when a frame was taken whole. A frame that is none drops the position: the next connection begins with a snapshot
 *   rather than with the same bad frame again.
 * - Bounds: one socket, one timer, one table of devices (DEVICES_MAX); no frame is ever queued here.
 */
import type {
	BatchFrame,
	Device,
	GapFrame,
	HelloFrame,
	ServerFrame,
	SnapshotFrame,
} from "@fireworks/contracts";
import { backOffMs, retryAfterMs } from "./back-off.ts";
import { ClockOffset } from "./clock-offset.ts";
import { connectUrl } from "./connect-url.ts";
import { type Connection, type End, openConnection } from "./connection.ts";
import { DeviceTable } from "./device-table.ts";
import { Emitter } from "./emitter.ts";
import { BadFrame } from "./parse-frame.ts";
import {
	type Clock,
	type OpenSocket,
	openWebSocket,
	systemClock,
} from "./ports.ts";
import type { ClientState } from "./state.ts";

/** deviceIds: null for all. windowMs: how far back the snapshot goes. */
export interface Subscription {
	deviceIds: string[] | null;
	windowMs: number;
}

export interface ClientEvents {
	state: ClientState;
	hello: HelloFrame;
	/** The whole table, after it grew or changed. */
	devices: readonly Device[];
	/** Columns whose `device` is an index into the table of this client (not of the pod). */
	events: SnapshotFrame | BatchFrame;
	gap: GapFrame;
}

export interface ClientOptions {
	/** ws(s)://host:port/ws */
	url: string;
	subscription?: Subscription;
	openSocket?: OpenSocket;
	clock?: Clock;
	random?: () => number;
}

/** A connection that lived this long was a good one: the next loss starts the back-off anew. */
export const STABLE_MS = 5_000;

export class Client {
	readonly #options: Required<Omit<ClientOptions, "subscription">>;
	readonly #emitter = new Emitter<ClientEvents>();
	readonly #table = new DeviceTable();
	readonly #offset = new ClockOffset();
	#state: ClientState = { kind: "idle" };
	#subscription: Subscription | undefined;
	/** What this connection's address did not say. */
	#toSend: Subscription | undefined;
	#connection: Connection | undefined;
	#position: string | undefined;
	#lastError: string | undefined;
	#attempt = 0;
	#begunMs = 0;
	#openedMs: number | undefined;
	#stopWaiting = () => {};

	constructor(options: ClientOptions) {
		const { subscription, ...rest } = options;
		this.#options = {
			openSocket: openWebSocket,
			clock: systemClock,
			random: Math.random,
			...rest,
		};
		this.#subscription = subscription;
	}

	get state(): ClientState {
		return this.#state;
	}
	get devices(): readonly Device[] {
		return this.#table.devices;
	}
	/** Where the next connection goes on, if the queue reaches back so far. */
	get position(): string | undefined {
		return this.#position;
	}
	/** The server's wall clock minus ours, estimated; see clock-offset.ts. */
	get clockOffsetMs(): number {
		return this.#offset.ms;
	}

	on<Name extends keyof ClientEvents>(
		name: Name,
		listener: (event: ClientEvents[Name]) => void,
	): () => void {
		return this.#emitter.on(name, listener);
	}

	/** Connects, and from then on stays connected until close(). */
	start(): void {
		if (this.#state.kind === "idle") this.#connect();
	}

	/** Asks for other devices or another window, now and on every connection to come. */
	subscribe(subscription: Subscription): void {
		this.#subscription = subscription;
		this.#toSend = subscription;
		if (this.#state.kind === "open") this.#sendSubscription();
	}

	/** Does not wait any longer, e.g. because a person asks or the network is back. */
	retryNow(): void {
		if (this.#state.kind !== "reconnecting") return;
		this.#stopWaiting();
		this.#connect();
	}

	close(): void {
		this.#stopWaiting();
		this.#connection?.close();
		this.#connection = undefined;
		this.#enter({ kind: "closed" });
	}

	#enter(state: ClientState): void {
		this.#state = state;
		this.#emitter.emit("state", state);
	}

	#connect(): void {
		const { url, openSocket, clock } = this.#options;
		this.#begunMs = clock.wallMs();
		this.#openedMs = undefined;
		this.#lastError = undefined;
		this.#table.newConnection();
		const to = connectUrl(url, this.#position, this.#subscription);
		this.#toSend = to.carried ? undefined : this.#subscription;
		this.#connection = openConnection({
			url: to.url,
			openSocket,
			clock,
			onFrame: (frame) => this.#take(frame),
			onEnd: (end) => this.#lost(end),
		});
		this.#enter({ kind: "connecting", attempt: this.#attempt });
	}

	#lost(end: End): void {
		const { clock, random } = this.#options;
		this.#connection = undefined;
		if (end.why === "bad frame") this.#position = undefined;
		const livedMs = clock.monotonicMs() - (this.#openedMs ?? Infinity);
		if (livedMs >= STABLE_MS) this.#attempt = 0;
		this.#attempt += 1;
		const asked =
			end.why === "closed" ? retryAfterMs(end.code, end.reason) : undefined;
		const delayMs = asked ?? backOffMs(this.#attempt, random());
		this.#stopWaiting = clock.after(delayMs, () => this.#connect());
		this.#enter({
			kind: "reconnecting",
			attempt: this.#attempt,
			nextTryMs: clock.wallMs() + delayMs,
			why: this.#lastError ?? inWords(end),
		});
	}

	#take(frame: ServerFrame): void {
		const receivedMs = this.#options.clock.wallMs();
		switch (frame.type) {
			case "hello":
				this.#offset.hello(this.#begunMs, frame.serverTime, receivedMs);
				this.#openedMs = this.#options.clock.monotonicMs();
				this.#sendSubscription();
				this.#emitter.emit("hello", frame);
				this.#enter({ kind: "open", sinceMs: receivedMs });
				break;
			case "devices":
				if (!this.#table.update(frame.devices))
					throw new BadFrame("too many devices");
				this.#emitter.emit("devices", this.#table.devices);
				break;
			case "snapshot":
			case "batch":
				if (!this.#table.translate(frame.columns.device))
					throw new BadFrame("an event of a device that was never announced");
				this.#position = frame.position;
				this.#offset.frame(frame.sentAt, receivedMs);
				this.#emitter.emit("events", frame);
				break;
			case "gap":
				this.#position = frame.to;
				this.#emitter.emit("gap", frame);
				break;
			case "ping":
				this.#offset.frame(frame.serverTime, receivedMs);
				break;
			case "error":
				this.#lastError = `${frame.code}: ${frame.message}`;
		}
	}

	#sendSubscription(): void {
		if (this.#toSend)
			this.#connection?.send({ type: "subscribe", ...this.#toSend });
		this.#toSend = undefined;
	}
}

function inWords(end: End): string {
	switch (end.why) {
		case "closed":
			if (end.code === 1012) return "the server restarts";
			// What a browser says of a refused connection, of a wrong origin, and of a cable pulled alike.
			if (end.code === 1006) return "no connection";
			return end.reason || `closed by the server (${end.code})`;
		case "silent":
			return "the server went silent";
		case "no hello":
			return "no answer";
		case "bad frame":
		case "cannot open":
			return end.message;
	}
}
