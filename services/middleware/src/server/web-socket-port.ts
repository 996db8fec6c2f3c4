/**
 * The port ClientSocket on a websocket of `ws`.
 *
 * Frames are whole already, and go to the connection itself, past `ws`. That is safe because `ws` holds nothing back: without compression it
 * writes each of its own frames (pongs, pings, the close) at once and whole, so frames never mix; and what waits is what waits in the
 * connection, whoever wrote it.
 */
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { ClientSocket } from "../fanout/client-socket.ts";

/** Ours in two ways: a closed socket takes what is sent without a word, and errors end in the close event alone. */
export const webSocketPort = (
	websocket: WebSocket,
	connection: Duplex,
): ClientSocket => ({
	get bufferedAmount() {
		return connection.writableLength;
	},
	send(bytes, taken) {
		if (websocket.readyState !== websocket.OPEN) return;
		if (taken === undefined) connection.write(bytes);
		else
			connection.write(bytes, (error) => {
				if (!error) taken();
			});
	},
	ping() {
		if (websocket.readyState === websocket.OPEN) websocket.ping();
	},
	close: (code, reason) => websocket.close(code, reason),
	terminate: () => websocket.terminate(),
});
