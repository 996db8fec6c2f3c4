/**
 * Stays connected: opens one connection after the other, with back-off.
 *
 * idle -start-> connecting -greeting-> open -end-> reconnecting -timer, or retryNow-> connecting …
 * close() in any state: closed, permanently.
 *
 * What the frames mean is the owner's business. Bounds: one socket, one timer.
 */
import type { ErrorFrame } from "@fireworks/contracts";
import { backOffMs, type Clock, systemClock } from "@fireworks/time";
import {
	type Connection,
	type End,
	openConnection,
	type Protocol,
} from "./connection.ts";
import { BACK_OFF, retryAfterMs } from "./retry.ts";
import { type OpenSocket, openWebSocket } from "./socket.ts";
import type { ClientState } from "./state.ts";

/** What every client can be given, mostly for tests. */
export interface LinkOptions {
	openSocket?: OpenSocket;
	clock?: Clock;
	random?: () => number;
}

export interface LinkOwner<Frame extends { type: string }> {
	readonly protocol: Protocol<Frame>;
	/** The URL of the next connection, which begins now. */
	nextUrl(): string;
	/**
	 * Processes a frame, and calls opened() for a greeting. Throws BadFrame to end the connection.
	 */
	take(frame: Frame, receivedMs: number): void;
	/** The server sent an invalid frame: the next connection must not ask for it again. */
	badFrame(): void;
	/** The link entered another state. */
	entered(state: ClientState): void;
}

/** A connection that was open this long counts as stable: the next loss restarts the back-off. */
const STABLE_MS = 5_000;

export class Link<Frame extends { type: string }> {
	readonly clock: Clock;
	readonly #owner: LinkOwner<Frame>;
	readonly #openSocket: OpenSocket;
	readonly #random: () => number;
	#state: ClientState = { kind: "idle" };
	#connection: Connection | undefined;
	#lastError: string | undefined;
	#attempt = 0;
	#startedMs = 0;
	#openedMs: number | undefined;
	#cancelRetry = () => {};

	constructor(owner: LinkOwner<Frame>, options: LinkOptions) {
		this.#owner = owner;
		this.clock = options.clock ?? systemClock;
		this.#openSocket = options.openSocket ?? openWebSocket;
		this.#random = options.random ?? Math.random;
	}

	get state(): ClientState {
		return this.#state;
	}
	/** When the current connection was begun, by our wall clock. */
	get startedMs(): number {
		return this.#startedMs;
	}

	/** Connects, and stays connected until close(). */
	start(): void {
		if (this.#state.kind === "idle") this.#connect();
	}

	/** Sends a frame, if there is a connection. */
	send(frame: object): void {
		this.#connection?.send(frame);
	}

	/** The greeting arrived and was processed. */
	opened(receivedMs: number): void {
		this.#enter({ kind: "open", sinceMs: receivedMs });
	}

	/** Reconnects now, e.g. because a user asks for it or the network is back. */
	retryNow(): void {
		if (this.#state.kind !== "reconnecting") return;
		this.#cancelRetry();
		this.#connect();
	}

	close(): void {
		this.#cancelRetry();
		this.#connection?.close();
		this.#connection = undefined;
		this.#enter({ kind: "closed" });
	}

	#enter(state: ClientState): void {
		this.#state = state;
		this.#owner.entered(state);
	}

	#connect(): void {
		const { clock } = this;
		this.#startedMs = clock.wallMs();
		this.#openedMs = undefined;
		this.#lastError = undefined;
		this.#connection = openConnection({
			protocol: this.#owner.protocol,
			url: this.#owner.nextUrl(),
			openSocket: this.#openSocket,
			clock,
			onFrame: (frame) => this.#take(frame),
			onEnd: (end) => this.#lost(end),
		});
		this.#enter({ kind: "connecting", attempt: this.#attempt });
	}

	#take(frame: Frame): void {
		if (isError(frame)) this.#lastError = `${frame.code}: ${frame.message}`;
		if (this.#owner.protocol.greeting(frame) !== undefined)
			this.#openedMs ??= this.clock.monotonicMs();
		this.#owner.take(frame, this.clock.wallMs());
	}

	#lost(end: End): void {
		const { clock } = this;
		this.#connection = undefined;
		if (end.why === "bad frame") this.#owner.badFrame();
		const openMs = clock.monotonicMs() - (this.#openedMs ?? Infinity);
		if (openMs >= STABLE_MS) this.#attempt = 0;
		this.#attempt += 1;
		const asked =
			end.why === "closed" ? retryAfterMs(end.code, end.reason) : undefined;
		const delayMs = asked ?? backOffMs(BACK_OFF, this.#attempt, this.#random());
		this.#cancelRetry = clock.after(delayMs, () => this.#connect());
		this.#enter({
			kind: "reconnecting",
			attempt: this.#attempt,
			nextTryMs: clock.wallMs() + delayMs,
			why: this.#lastError ?? describe(end),
		});
	}
}

const isError = (frame: { type: string }): frame is ErrorFrame =>
	frame.type === "error";

function describe(end: End): string {
	switch (end.why) {
		case "closed":
			if (end.code === 1012) return "the server restarts";
			// A browser reports a refused connection, a wrong origin and an unplugged cable all
			// with this code.
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
