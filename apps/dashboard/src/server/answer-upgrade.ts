/** Sends a plain HTTP response on a connection that asked for an upgrade and does not get it. */
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";

/**
 * The connection is closed after it, whether the client reads it or not. headers: in addition to
 * those of the body.
 */
export function answerUpgrade(
	socket: Socket,
	status: number,
	message: string,
	headers: Readonly<Record<string, string>> = status === 503
		? { "Retry-After": "1" }
		: {},
): void {
	const body = `${message}\n`;
	socket.on("error", () => socket.destroy());
	socket.once("finish", () => socket.destroy());
	socket.end(
		[
			`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
			"Connection: close",
			"Content-Type: text/plain; charset=utf-8",
			`Content-Length: ${Buffer.byteLength(body)}`,
			...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
			"",
			body,
		].join("\r\n"),
	);
}
