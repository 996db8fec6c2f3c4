/**
 * The port ClientSocket on a websocket of `ws`.
 *
 * Frames are whole already, and go to the connection itself, past `ws`. That is safe because `ws` holds nothing back: without compression it
 * writes each of its own frames (pongs, pings, the close) at once and whole, so frames never mix; and what waits is what waits in the
 * connection, whoever wrote it. `ws` is asked for that: the connection's own `writableLength` is a getter that V8 does not inline, and was a tenth
 * of a send.
 *
 * It differs from `ws` in two ways: a closed socket takes what is sent without a word, and errors end in the close event alone.
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
