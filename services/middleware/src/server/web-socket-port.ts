/**
 * Implements ClientSocket on a websocket of `ws`.
 *
 * Our frames are complete, so they are written to the connection directly, past `ws`. That is safe
 * because `ws` buffers nothing: without compression it writes each of its own frames (pongs, pings,
 * the close) at once and whole, so frames never mix. For the same reason `bufferedAmount` counts
 * both its bytes and ours. We read it from `ws`, because the connection's own `writableLength` is a
 * getter that V8 does not inline; it took a tenth of the time of a send.
 *
 * It differs from `ws` in two ways: sending on a closed socket is silently ignored, and errors show
 * only as the close event.
 */
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { ClientSocket } from "../fanout/client-socket.ts";

export class WebSocketPort implements ClientSocket {
	readonly #websocket: WebSocket;
	readonly #connection: Duplex;

	constructor(websocket: WebSocket, connection: Duplex) {
		this.#websocket = websocket;
		this.#connection = connection;
	}

	get bufferedAmount(): number {
		return this.#websocket.bufferedAmount;
	}

	send(bytes: Buffer, taken?: () => void): void {
		const websocket = this.#websocket;
		if (websocket.readyState !== websocket.OPEN) return;
		if (taken === undefined) this.#connection.write(bytes);
		else
			this.#connection.write(bytes, (error) => {
				if (!error) taken();
			});
	}

	ping(): void {
		const websocket = this.#websocket;
		if (websocket.readyState === websocket.OPEN) websocket.ping();
	}

	close(code: number, reason: string): void {
		this.#websocket.close(code, reason);
	}

	terminate(): void {
		this.#websocket.terminate();
	}
}
