/**
 * A client of one stream over `fireworks.v2` that reconnects and resumes by itself, as the client
 * of v1 does (../client.ts).
 *
 * A snapshot replaces what came before it: it comes first on a new connection that cannot resume,
 * and after subscribe(). Only its first frame is a `snapshot`; the rest of it follows as batches.
 */
import type {
	GapFrame,
	STREAM_QUERY,
	StreamBatchFrame,
	StreamColumns,
	StreamHelloFrame,
	StreamKey,
	StreamProblemsFrame,
	StreamServerFrame,
	StreamSnapshotFrame,
} from "@fireworks/contracts";
import { BadFrame } from "../checks.ts";
import { ClockOffset } from "../clock-offset.ts";
import { connectUrl, subscriptionPairs } from "../connect-url.ts";
import type { Protocol } from "../connection.ts";
import { Emitter } from "../emitter.ts";
import { IndexTable } from "../index-table.ts";
import { Link, type LinkOptions } from "../link.ts";
import type { ClientState } from "../state.ts";
import { parseStreamFrame } from "./parse-stream-frame.ts";

/** M: names of the measures. */
export type StreamEventsFrame<M extends string = string> = (
	| Omit<StreamSnapshotFrame, "columns">
	| Omit<StreamBatchFrame, "columns">
) & {
	columns: Omit<StreamColumns, "measures"> & {
		measures: Record<M, (number | null)[]>;
	};
};

export interface StreamClientEvents<M extends string = string> {
	state: ClientState;
	/** Again after every reconnect: the stream's definition may have changed. */
	hello: StreamHelloFrame;
	/** All keys seen so far, after they grew. A key keeps its index for the client's life. */
	keys: readonly StreamKey[];
	/** Columns. `key` is an index into this client's own table, not into the pod's. */
	events: StreamEventsFrame<M>;
	gap: GapFrame;
	/** All current problems with the stream's data, after they changed. */
	problems: StreamProblemsFrame;
}

/** keys: null for all. windowMs: how far back the snapshot goes. */
export interface StreamSubscription {
	keys: readonly string[] | null;
	windowMs: number;
}

export interface StreamClientOptions extends LinkOptions {
	/** ws(s)://host:port/ws */
	url: string;
	/** The stream's name. */
	stream: string;
	/** The keys wanted. Default: null, which means all. */
	keys?: readonly string[] | null;
	/** How far back the snapshot goes, in ms of event time. Default: 10 min. */
	windowMs?: number;
}

const DEFAULT_WINDOW_MS = 600_000;

// The types tie these values to packages/contracts without bundling that package.
export const STREAM_PROTOCOL_NAME: StreamHelloFrame["protocol"] =
	"fireworks.v2";
const QUERY: Omit<typeof STREAM_QUERY, "ticket"> = {
	stream: "stream",
	after: "after",
	key: "key",
	windowMs: "windowMs",
};

const PROTOCOL: Protocol<StreamServerFrame> = {
	name: STREAM_PROTOCOL_NAME,
	parse: parseStreamFrame,
	greeting: (frame) => (frame.type === "hello" ? frame.pingMs : undefined),
};

export class StreamClient<M extends string = string> {
	readonly #url: string;
	readonly #stream: string;
	readonly #link: Link<StreamServerFrame>;
	readonly #emitter = new Emitter<StreamClientEvents<M>>();
	readonly #table = new IndexTable<StreamKey>(({ key }) => key);
	readonly #offset = new ClockOffset();
	#subscription: StreamSubscription;
	/** The subscription, if the connection's URL could not carry it. */
	#toSend: StreamSubscription | undefined;
	#position: string | undefined;

	constructor(options: StreamClientOptions) {
		const { url, stream, keys, windowMs, ...rest } = options;
		this.#url = url;
		this.#stream = stream;
		this.#subscription = {
			keys: keys ?? null,
			windowMs: windowMs ?? DEFAULT_WINDOW_MS,
		};
		this.#link = new Link(
			{
				protocol: PROTOCOL,
				nextUrl: () => this.#nextUrl(),
				take: (frame, receivedMs) => this.#take(frame, receivedMs),
				badFrame: () => {
					this.#position = undefined;
				},
				entered: (state) => this.#emitter.emit("state", state),
			},
			rest,
		);
	}

	get state(): ClientState {
		return this.#link.state;
	}
	get keys(): readonly StreamKey[] {
		return this.#table.entries;
	}
	/** Where the next connection resumes, if the server's queue reaches back that far. */
	get position(): string | undefined {
		return this.#position;
	}
	/** The server's wall clock minus ours, estimated (see ../clock-offset.ts). */
	get clockOffsetMs(): number {
		return this.#offset.ms;
	}

	on<Name extends keyof StreamClientEvents<M>>(
		name: Name,
		listener: (event: StreamClientEvents<M>[Name]) => void,
	): () => void {
		return this.#emitter.on(name, listener);
	}

	/** Connects, and stays connected until close(). */
	start(): void {
		this.#link.start();
	}

	/** Asks for other keys or another window, on this connection and on all later ones. */
	subscribe(subscription: StreamSubscription): void {
		this.#subscription = subscription;
		this.#toSend = subscription;
		if (this.state.kind === "open") this.#sendSubscription();
	}

	/** Reconnects now, e.g. because a user asks for it or the network is back. */
	retryNow(): void {
		this.#link.retryNow();
	}

	close(): void {
		this.#link.close();
	}

	#nextUrl(): string {
		const { keys, windowMs } = this.#subscription;
		this.#table.newConnection();
		const to = connectUrl(
			this.#url,
			[
				[QUERY.stream, this.#stream],
				...(this.#position === undefined
					? []
					: [[QUERY.after, this.#position] as const]),
			],
			subscriptionPairs(
				{ id: QUERY.key, windowMs: QUERY.windowMs },
				{ ids: keys, windowMs },
			),
		);
		this.#toSend = to.carried ? undefined : this.#subscription;
		return to.url;
	}

	#take(frame: StreamServerFrame, receivedMs: number): void {
		switch (frame.type) {
			case "hello":
				this.#offset.hello(this.#link.startedMs, frame.serverTime, receivedMs);
				this.#sendSubscription();
				this.#emitter.emit("hello", frame);
				this.#link.opened(receivedMs);
				break;
			case "keys":
				if (!this.#table.update(frame.keys))
					throw new BadFrame("too many keys");
				this.#emitter.emit("keys", this.#table.entries);
				break;
			case "snapshot":
			case "batch":
				if (!this.#table.translate(frame.columns.key))
					throw new BadFrame("an event of a key that was never announced");
				this.#position = frame.position;
				this.#offset.frame(frame.sentAt, receivedMs);
				this.#emitter.emit("events", frame as StreamEventsFrame<M>);
				break;
			case "gap":
				this.#position = frame.to;
				this.#emitter.emit("gap", frame);
				break;
			case "ping":
				this.#offset.frame(frame.serverTime, receivedMs);
				break;
			case "problems":
				this.#emitter.emit("problems", frame);
				break;
			case "error":
				break;
		}
	}

	#sendSubscription(): void {
		if (this.#toSend) this.#link.send({ type: "subscribe", ...this.#toSend });
		this.#toSend = undefined;
	}
}

export type StreamListeners<M extends string = string> = {
	[Name in keyof StreamClientEvents<M>]?: (
		event: StreamClientEvents<M>[Name],
	) => void;
};

/**
 * Connects to a stream, and stays connected until close(). M: names of the measures, if they are
 * known: `connectStream<"temperature" | "wind">(…)`.
 */
export function connectStream<M extends string = string>(
	options: StreamClientOptions,
	listeners: StreamListeners<M> = {},
): StreamClient<M> {
	const client = new StreamClient<M>(options);
	const listen = <Name extends keyof StreamClientEvents<M>>(name: Name) => {
		const listener = listeners[name];
		if (listener !== undefined) client.on(name, listener);
	};
	for (const name of Object.keys(listeners) as (keyof StreamListeners<M>)[])
		listen(name);
	client.start();
	return client;
}
