/** A connection from its upgrade to its end: what the client says, whether it lives, and whether it says too much. */
import { CLOSE, clientFrameSchema } from "@fireworks/contracts";
import type { Clock } from "../clock.ts";
import type { Client } from "../fanout/client.ts";
import type { Hub } from "../fanout/hub.ts";
import { Heartbeat } from "./heartbeat.ts";
import { RateLimit } from "./rate-limit.ts";

export interface SessionOptions {
	hub: Hub;
	client: Client;
	clock: Clock;
	pingMs: number;
	framesPerSecondMax: number;
}

export class Session {
	readonly client: Client;
	readonly #hub: Hub;
	readonly #clock: Clock;
	readonly #heartbeat: Heartbeat;
	readonly #rate: RateLimit;

	constructor(options: SessionOptions) {
		const { hub, client, clock, pingMs, framesPerSecondMax } = options;
		this.client = client;
		this.#hub = hub;
		this.#clock = clock;
		this.#heartbeat = new Heartbeat(pingMs, clock.monotonicMs());
		this.#rate = new RateLimit(framesPerSecondMax, clock.monotonicMs());
	}

	/** A frame of the client. text: undefined for a binary one. */
	received(text: string | undefined): void {
		if (!this.#admits()) return;
		const frame = parse(text);
		if (frame?.type === "subscribe") this.#hub.subscribe(this.client, frame);
		if (frame !== undefined) return;
		this.client.close(
			"bad-frame",
			"expected a pong or a subscribe, as JSON text",
			CLOSE.policy,
		);
	}

	/** An RFC 6455 ping of the client, which ws answers. */
	pinged(): void {
		this.#admits();
	}

	/** An RFC 6455 pong of the client. */
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

	/** From time to time. ping: the `ping` frame of now. True: the client was dead, and is cut. */
	sweep(ping: () => Buffer): boolean {
		this.#heartbeat.heard(this.client.tookMs);
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

function parse(text: string | undefined) {
	if (text === undefined) return undefined;
	try {
		return clientFrameSchema.safeParse(JSON.parse(text)).data;
	} catch {
		return undefined;
	}
}
