/**
 * A connection from its upgrade to its end: handles what the client sends, checks that the client
 * is alive, and limits how much it may send.
 */
import { CLOSE, type StreamErrorCode } from "@fireworks/contracts";
import type { Clock } from "@fireworks/time";
import type { ClientSocket } from "../fanout/client-socket.ts";
import type { ClientState } from "../fanout/client-state.ts";
import { Heartbeat } from "./heartbeat.ts";
import { RateLimit } from "./rate-limit.ts";

/** A client as its session sees it. */
export interface SessionClient {
	readonly socket: ClientSocket;
	readonly state: ClientState;
	/** When its socket last took bytes of a catch-up; -Infinity if it does not catch up. */
	readonly takenMs: number;
	close(code: StreamErrorCode, message: string, closeCode: number): void;
	ended(): void;
}

export interface SessionOptions {
	client: SessionClient;
	clock: Clock;
	pingMs: number;
	framesPerSecondMax: number;
	/** Takes the value of a client's frame; false if it is not a frame of the protocol. */
	take(frame: unknown): boolean;
	/** Notices wait until this is true. Default: they never wait. */
	takesNotices?: () => boolean;
}

export class Session {
	readonly client: SessionClient;
	readonly #take: SessionOptions["take"];
	readonly #takesNotices: () => boolean;
	readonly #clock: Clock;
	readonly #heartbeat: Heartbeat;
	readonly #rate: RateLimit;
	/** The version of the notice that the client was sent last. */
	#noticeVersion = 0;

	constructor(options: SessionOptions) {
		const { client, clock, pingMs, framesPerSecondMax } = options;
		this.client = client;
		this.#take = options.take;
		this.#takesNotices = options.takesNotices ?? (() => true);
		this.#clock = clock;
		this.#heartbeat = new Heartbeat(pingMs, clock.monotonicMs());
		this.#rate = new RateLimit(framesPerSecondMax, clock.monotonicMs());
	}

	/** The client sent a frame. text: undefined for a binary frame. */
	received(text: string | undefined): void {
		if (!this.#admits()) return;
		const frame = parse(text);
		if (frame !== undefined && this.#take(frame)) return;
		this.client.close(
			"bad-frame",
			"expected a pong or a subscribe, as JSON text",
			CLOSE.policy,
		);
	}

	/** The client sent an RFC 6455 ping; ws answers it. */
	pinged(): void {
		this.#admits();
	}

	/** The client sent an RFC 6455 pong. */
	ponged(): void {
		this.#admits();
	}

	#admits(): boolean {
		const now = this.#clock.monotonicMs();
		this.#heartbeat.heard(now);
		if (this.#rate.take(now)) return true;
		this.client.close(
			"too-many-frames",
			"more frames a second than allowed",
			CLOSE.policy,
		);
		return false;
	}

	/** Called regularly: sends the notice if it changed. A slow client gets it later. */
	sendNotice(version: number, frame: () => Buffer): void {
		if (version === this.#noticeVersion || !this.#takesNotices()) return;
		if (this.client.socket.bufferedAmount > 0) return;
		this.#noticeVersion = version;
		this.client.socket.send(frame());
	}

	/**
	 * Called regularly. ping: makes the `ping` frame. Returns true if the client was dead and is
	 * now cut off.
	 */
	sweep(ping: () => Buffer): boolean {
		this.#heartbeat.heard(this.client.takenMs);
		switch (this.#heartbeat.look(this.#clock.monotonicMs())) {
			case "dead":
				this.client.ended();
				this.client.socket.terminate();
				return true;
			case "ping":
				this.client.socket.ping();
				this.client.socket.send(ping());
				return false;
			case "wait":
				return false;
		}
	}
}

function parse(text: string | undefined): unknown {
	if (text === undefined) return undefined;
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
