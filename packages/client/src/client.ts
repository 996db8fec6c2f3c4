/**
 * A client of `fireworks.v1` that reconnects by itself (link.ts).
 *
 * - After a loss it resumes with `?after=` and the last position. No event is missing or doubled as
 *   long as the server's queue reaches back that far. If it does not, the server sends a snapshot
 *   instead. The listener of `events` sees this in the frame's `type`.
 * - The position moves only after a frame was processed completely. An invalid frame discards the
 *   position. The next connection then begins with a snapshot, rather than with the same invalid
 *   frame again.
 * - Bounds: one socket, one timer, one table of devices. The client never queues frames.
 */
import type {
	BatchFrame,
	CONNECT_QUERY,
	Device,
	GapFrame,
	HelloFrame,
	ProblemsFrame,
	ServerFrame,
	SnapshotFrame,
} from "@fireworks/contracts";
import { BadFrame } from "./checks.ts";
import { ClockOffset } from "./clock-offset.ts";
import { connectUrl, subscriptionPairs } from "./connect-url.ts";
import type { Protocol } from "./connection.ts";
import { Emitter } from "./emitter.ts";
import { IndexTable } from "./index-table.ts";
import { Link, type LinkOptions } from "./link.ts";
import { parseFrame } from "./parse-frame.ts";
import type { ClientState } from "./state.ts";
import type { Subscription } from "./subscription.ts";

export interface ClientEvents {
	state: ClientState;
	hello: HelloFrame;
	/** The whole device table, after it grew or changed. */
	devices: readonly Device[];
	/** Columns. `device` is an index into this client's own table, not into the pod's. */
	events: SnapshotFrame | BatchFrame;
	gap: GapFrame;
	/** All current problems with the stream's data, after they changed. */
	problems: ProblemsFrame;
}

export interface ClientOptions extends LinkOptions {
	/** ws(s)://host:port/ws */
	url: string;
	subscription?: Subscription;
}

// The types tie these values to packages/contracts without bundling that package.
const NAME: HelloFrame["protocol"] = "fireworks.v1";
const QUERY: Pick<typeof CONNECT_QUERY, "after" | "deviceId" | "windowMs"> = {
	after: "after",
	deviceId: "deviceId",
	windowMs: "windowMs",
};

const PROTOCOL: Protocol<ServerFrame> = {
	name: NAME,
	parse: parseFrame,
	greeting: (frame) => (frame.type === "hello" ? frame.pingMs : undefined),
};

export class Client {
	readonly #url: string;
	readonly #link: Link<ServerFrame>;
	readonly #emitter = new Emitter<ClientEvents>();
	readonly #table = new IndexTable<Device>(({ deviceId }) => deviceId);
	readonly #offset = new ClockOffset();
	#subscription: Subscription | undefined;
	/** The subscription, if the connection's URL could not carry it. */
	#toSend: Subscription | undefined;
	#position: string | undefined;

	constructor({ url, subscription, ...options }: ClientOptions) {
		this.#url = url;
		this.#subscription = subscription;
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
			options,
		);
	}

	get state(): ClientState {
		return this.#link.state;
	}
	get devices(): readonly Device[] {
		return this.#table.entries;
	}
	/** Where the next connection resumes, if the server's queue reaches back that far. */
	get position(): string | undefined {
		return this.#position;
	}
	/** The server's wall clock minus ours, estimated (see clock-offset.ts). */
	get clockOffsetMs(): number {
		return this.#offset.ms;
	}

	on<Name extends keyof ClientEvents>(
		name: Name,
		listener: (event: ClientEvents[Name]) => void,
	): () => void {
		return this.#emitter.on(name, listener);
	}

	/** Connects, and stays connected until close(). */
	start(): void {
		this.#link.start();
	}

	/** Asks for other devices or another window, on this connection and on all later ones. */
	subscribe(subscription: Subscription): void {
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
		const wanted = this.#subscription;
		this.#table.newConnection();
		const to = connectUrl(
			this.#url,
			this.#position === undefined ? [] : [[QUERY.after, this.#position]],
			wanted === undefined
				? []
				: subscriptionPairs(
						{ id: QUERY.deviceId, windowMs: QUERY.windowMs },
						{ ids: wanted.deviceIds, windowMs: wanted.windowMs },
					),
		);
		this.#toSend = to.carried ? undefined : wanted;
		return to.url;
	}

	#take(frame: ServerFrame, receivedMs: number): void {
		switch (frame.type) {
			case "hello":
				this.#offset.hello(this.#link.startedMs, frame.serverTime, receivedMs);
				this.#sendSubscription();
				this.#emitter.emit("hello", frame);
				this.#link.opened(receivedMs);
				break;
			case "devices":
				if (!this.#table.update(frame.devices))
					throw new BadFrame("too many devices");
				this.#emitter.emit("devices", this.#table.entries);
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
