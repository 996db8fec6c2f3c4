/** The port ClientSocket on a websocket of `ws`. */
import type { WebSocket } from "ws";
import type { ClientSocket } from "../fanout/client-socket.ts";

const TEXT = { binary: false, compress: false };

/** Ours in two ways: a closed socket takes what is sent without a word, and errors end in the close event alone. */
export const webSocketPort = (socket: WebSocket): ClientSocket => ({
	get bufferedAmount() {
		return socket.bufferedAmount;
	},
	send(bytes, taken) {
		if (socket.readyState !== socket.OPEN) return;
		if (taken === undefined) socket.send(bytes, TEXT);
		else
			socket.send(bytes, TEXT, (error) => {
				if (!error) taken();
			});
	},
	ping() {
		if (socket.readyState === socket.OPEN) socket.ping();
	},
	close: (code, reason) => socket.close(code, reason),
	terminate: () => socket.terminate(),
});
