/**
 * The relay: the page's own server accepts the page's websocket and forwards its bytes to the
 * middleware. So the page needs no second address.
 *
 *   upgrade -path, origin, room-> asking the middleware -101-> relayed -either side ends-> ended
 *           -refused---------------------> answered        -other answer-> passed on
 *
 * The relay does not look into frames. Each side is read only as fast as the other takes it (pipe),
 * so the middleware still notices a slow client. Bounds: `clientsMax` connections, the time to the
 * middleware's answer, the size of a refusal, and how long either side may be silent or stay half
 * open.
 */
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { answerUpgrade } from "./answer-upgrade.ts";
import { joinSockets } from "./join-sockets.ts";
import type { Log } from "./log.ts";
import { askMiddleware, type Middleware } from "./middleware-upgrade.ts";
import { isSameOrigin } from "./same-origin.ts";

/** At most one log line about refusals in this time. */
const LOG_INTERVAL_MS = 10_000;

export interface RelayOptions {
	/** By path. */
	middlewares: ReadonlyMap<string, Middleware>;
	clientsMax: number;
	log: Log;
	nowMs?: () => number;
}

export class Relay {
	readonly #options: RelayOptions;
	readonly #clients = new Set<Socket>();
	#loggedMs = Number.NEGATIVE_INFINITY;
	#refused = 0;

	constructor(options: RelayOptions) {
		this.#options = options;
	}

	/** Number of connections that are relayed, or about to be. */
	get clients(): number {
		return this.#clients.size;
	}

	/** Takes an upgrade to one of its paths; false for any other path. */
	take(request: IncomingMessage, socket: Socket, head: Buffer): boolean {
		const { middlewares, clientsMax } = this.#options;
		const path = (request.url ?? "/").split("?", 1)[0] as string;
		const middleware = middlewares.get(path);
		if (middleware === undefined) return false;
		const { origin } = request.headers;
		if (origin !== undefined && !isSameOrigin(origin, request.headers))
			this.#refuse(socket, 403, "pages of this origin may not connect", {
				origin,
			});
		else if (this.#clients.size >= clientsMax)
			this.#refuse(socket, 503, "too many clients", { clientsMax });
		else this.#relay(middleware, request, socket, head);
		return true;
	}

	/** Ends all connections. The pages reconnect by themselves. */
	end(): void {
		for (const client of this.#clients) client.destroy();
	}

	#relay(
		middleware: Middleware,
		request: IncomingMessage,
		socket: Socket,
		head: Buffer,
	): void {
		this.#clients.add(socket);
		socket.once("close", () => this.#clients.delete(socket));
		askMiddleware(middleware, request, socket, {
			joined: (upstream, upstreamHead) => {
				if (upstreamHead.length > 0) socket.write(upstreamHead);
				if (head.length > 0) upstream.write(head);
				joinSockets(socket, upstream);
			},
			failed: (status, why) =>
				this.#refuse(socket, status, "the middleware does not answer", {
					middleware: middleware.url,
					why,
				}),
		});
	}

	#refuse(
		socket: Socket,
		status: number,
		message: string,
		facts: object,
	): void {
		const { log, nowMs = Date.now } = this.#options;
		answerUpgrade(socket, status, message);
		this.#refused++;
		if (nowMs() - this.#loggedMs < LOG_INTERVAL_MS) return;
		log(
			"warn",
			{ ...facts, status, refused: this.#refused, clients: this.clients },
			`websocket not relayed: ${message}`,
		);
		this.#loggedMs = nowMs();
		this.#refused = 0;
	}
}
