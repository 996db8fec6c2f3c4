/**
 * One websocket from its opening to its end, which is told exactly once.
 *
 * It ends when the server closes it, when no hello comes in time, when no frame has come for 2.5 ping intervals (a cable pulled
 * tells nobody: a browser would wait for minutes), or at a frame that is none. In each case the socket's handlers are taken off
 * first, so that nothing of a connection that has ended can reach the next one.
 */
import type {
	ClientFrame,
	HelloFrame,
	ServerFrame,
} from "@fireworks/contracts";
import { parseFrame } from "./parse-frame.ts";
import type { Clock, OpenSocket } from "./ports.ts";

export const HELLO_TIMEOUT_MS = 10_000;
export const SILENT_PING_INTERVALS = 2.5;

/** The protocol's name; its type ties it to packages/contracts without bundling that. */
export const PROTOCOL: HelloFrame["protocol"] = "fireworks.v1";

export type End =
	| { why: "closed"; code: number; reason: string }
	| { why: "no hello" }
	| { why: "silent" }
	| { why: "bad frame"; message: string }
	| { why: "cannot open"; message: string };

export interface ConnectionOptions {
	url: string;
	openSocket: OpenSocket;
	clock: Clock;
	/** Takes a frame; throws BadFrame to end the connection. */
	onFrame(frame: ServerFrame): void;
	onEnd(end: End): void;
}

export interface Connection {
	send(frame: ClientFrame): void;
	/** Ends it from our side: `onEnd` is not called. */
	close(): void;
}

const message = (error: unknown): string =>
	error instanceof Error ? error.message : String(error);

export function openConnection(options: ConnectionOptions): Connection {
	const { url, openSocket, clock, onFrame, onEnd } = options;
	let socket: ReturnType<OpenSocket> | undefined;
	let silentMs = HELLO_TIMEOUT_MS;
	let lastFrameMs = clock.monotonicMs();
	let greeted = false;
	let stopWatch = () => {};

	const detach = () => {
		stopWatch();
		if (!socket) return;
		socket.onmessage = null;
		socket.onclose = null;
		// A late error event of a socket that has ended must find a handler: Node reports one without.
		socket.onerror = () => {};
		try {
			socket.close(1000);
		} catch {
			// A socket that cannot be closed is closed.
		}
		socket = undefined;
	};
	const end = (how: End) => {
		if (!socket) return;
		detach();
		onEnd(how);
	};
	const watch = (waitMs: number) => {
		stopWatch = clock.after(waitMs, () => {
			const leftMs = lastFrameMs + silentMs - clock.monotonicMs();
			if (leftMs > 0) watch(leftMs);
			else end({ why: greeted ? "silent" : "no hello" });
		});
	};
	const send = (frame: ClientFrame) => {
		try {
			socket?.send(JSON.stringify(frame));
		} catch (error) {
			end({ why: "closed", code: 1006, reason: message(error) });
		}
	};
	const take = (data: unknown) => {
		const frame = parseFrame(data);
		if (frame?.type === "hello") {
			greeted = true;
			silentMs = frame.pingMs * SILENT_PING_INTERVALS;
			stopWatch();
			watch(silentMs);
		}
		if (frame?.type === "ping")
			send({ type: "pong", serverTime: frame.serverTime });
		if (frame) onFrame(frame);
	};

	try {
		socket = openSocket(url, PROTOCOL);
	} catch (error) {
		// An address that is none, or a page whose policy forbids it: told later, as every other end is.
		const cancel = clock.after(0, () =>
			onEnd({ why: "cannot open", message: message(error) }),
		);
		return { send: () => {}, close: cancel };
	}
	socket.onmessage = ({ data }) => {
		lastFrameMs = clock.monotonicMs();
		try {
			take(data);
		} catch (error) {
			end({ why: "bad frame", message: message(error) });
		}
	};
	socket.onclose = ({ code, reason }) => end({ why: "closed", code, reason });
	// A close follows every error, with the code; the error itself says nothing in a browser.
	socket.onerror = () => {};
	watch(HELLO_TIMEOUT_MS);
	return { send, close: detach };
}
