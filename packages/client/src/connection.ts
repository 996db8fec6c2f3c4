/**
 * One websocket, from its opening to its end. The end is reported exactly once.
 *
 * It ends when the server closes it, when no greeting arrives in time, when no frame has arrived
 * for 2.5 ping intervals, or at an invalid frame. (An unplugged cable raises no event: a browser
 * would wait for minutes.) In each case the socket's handlers are removed first, so that nothing of
 * an ended connection can reach the next one.
 */
import type { PingFrame } from "@fireworks/contracts";
import type { Clock } from "@fireworks/time";
import type { OpenSocket } from "./socket.ts";

export const HELLO_TIMEOUT_MS = 10_000;
const SILENT_PING_INTERVALS = 2.5;

export type End =
	| { why: "closed"; code: number; reason: string }
	| { why: "no hello" }
	| { why: "silent" }
	| { why: "bad frame"; message: string }
	| { why: "cannot open"; message: string };

/** A protocol as a connection needs it. */
export interface Protocol<Frame extends { type: string }> {
	/** The websocket's subprotocol. */
	readonly name: string;
	/** Undefined for a type that this version does not know. Throws BadFrame for a wrong frame. */
	parse(data: unknown): Frame | undefined;
	/** The time between two pings, in ms, if the frame is the server's greeting. */
	greeting(frame: Frame): number | undefined;
}

export interface ConnectionOptions<Frame extends { type: string }> {
	protocol: Protocol<Frame>;
	url: string;
	openSocket: OpenSocket;
	clock: Clock;
	/** Processes a frame; throws BadFrame to end the connection. */
	onFrame(frame: Frame): void;
	onEnd(end: End): void;
}

export interface Connection {
	send(frame: object): void;
	/** Ends the connection from our side, without a call of `onEnd`. */
	close(): void;
}

const message = (error: unknown): string =>
	error instanceof Error ? error.message : String(error);

export function openConnection<Frame extends { type: string }>(
	options: ConnectionOptions<Frame>,
): Connection {
	const { protocol, url, openSocket, clock, onFrame, onEnd } = options;
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
		// Keep a handler: Node reports an error event without one, and an ended socket can still
		// raise one.
		socket.onerror = () => {};
		try {
			socket.close(1000);
		} catch {
			// A socket that cannot be closed is closed already.
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
	const send = (frame: object) => {
		try {
			socket?.send(JSON.stringify(frame));
		} catch (error) {
			end({ why: "closed", code: 1006, reason: message(error) });
		}
	};
	const take = (data: unknown) => {
		const frame = protocol.parse(data);
		if (frame === undefined) return;
		const pingMs = protocol.greeting(frame);
		if (pingMs !== undefined) {
			greeted = true;
			silentMs = pingMs * SILENT_PING_INTERVALS;
			stopWatch();
			watch(silentMs);
		}
		if (isPing(frame)) send({ type: "pong", serverTime: frame.serverTime });
		onFrame(frame);
	};

	try {
		socket = openSocket(url, protocol.name);
	} catch (error) {
		// An invalid URL, or a page whose policy forbids it. Report it later, as every other end.
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
	// A close event with the code follows every error. The error event itself says nothing in a
	// browser.
	socket.onerror = () => {};
	watch(HELLO_TIMEOUT_MS);
	return { send, close: detach };
}

const isPing = (frame: { type: string }): frame is PingFrame =>
	frame.type === "ping";
