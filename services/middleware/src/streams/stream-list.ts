/** The clients that watch the list of streams. */
import { pongSchema, type StreamErrorCode } from "@fireworks/contracts";
import type { Clock } from "@fireworks/time";
import { type Incoming, incomingOf } from "../connection/incoming.ts";
import { Session, type SessionClient } from "../connection/session.ts";
import { Sessions } from "../connection/sessions.ts";
import { type Counts, countUp } from "../counts.ts";
import type { ClientSocket } from "../fanout/client-socket.ts";
import type { ClientState } from "../fanout/client-state.ts";
import { errorFrame, smallFrame } from "../frames/small-frames.ts";
import { type ClientLimits, STREAM_OPEN_MS } from "../limits.ts";
import type { Catalog } from "./catalog.ts";
import { shownStream } from "./shown.ts";

export interface StreamListOptions {
	catalog: Pick<Catalog, "entries" | "known">;
	clock: Clock;
	counts: Counts;
	limits: ClientLimits;
}

export class StreamList {
	readonly sessions: Sessions;
	readonly #options: StreamListOptions;
	readonly #startedMs: number;
	#version = 1;

	constructor(options: StreamListOptions) {
		const { clock, counts, limits } = options;
		this.#options = options;
		this.#startedMs = clock.monotonicMs();
		this.sessions = new Sessions({
			clock,
			counts,
			pingMs: limits.pingMs,
			notice: {
				version: () => (this.#settled() ? this.#version : 0),
				frame: () => this.#frame(),
			},
		});
		this.sessions.start();
	}

	/** The catalog has changed. */
	changed(): void {
		this.#version++;
	}

	add(socket: ClientSocket): Incoming {
		const { clock, counts, limits } = this.#options;
		const session = new Session({
			client: new ListClient(socket, counts),
			clock,
			pingMs: limits.pingMs,
			framesPerSecondMax: limits.framesPerSecondMax,
			take: (frame) => pongSchema.safeParse(frame).success,
		});
		const incoming = incomingOf(session, this.sessions);
		this.sessions.notify(session);
		return incoming;
	}

	/** At the start, a list of a catalog that is half read is held back for a moment. */
	#settled(): boolean {
		const { catalog, clock } = this.#options;
		return (
			catalog.known || clock.monotonicMs() - this.#startedMs >= STREAM_OPEN_MS
		);
	}

	#frame(): Buffer {
		const { catalog, clock } = this.#options;
		return smallFrame({
			type: "streams",
			serverTime: clock.wallMs(),
			streams: [...catalog.entries.values()]
				.map(shownStream)
				.sort((a, b) => (a.name < b.name ? -1 : 1)),
		});
	}
}

class ListClient implements SessionClient {
	readonly socket: ClientSocket;
	readonly takenMs = Number.NEGATIVE_INFINITY;
	readonly #counts: Counts;
	#state: ClientState = "live";

	constructor(socket: ClientSocket, counts: Counts) {
		this.socket = socket;
		this.#counts = counts;
	}

	get state(): ClientState {
		return this.#state;
	}

	close(code: StreamErrorCode, message: string, closeCode: number): void {
		if (this.#state === "closed") return;
		countUp(this.#counts.closed, code);
		this.socket.send(errorFrame(code, message));
		this.socket.close(closeCode, code);
		this.ended();
	}

	ended(): void {
		this.#state = "closed";
	}
}
