/** Sends a plain HTTP response on a connection that asked for an upgrade and does not get it. */
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

/** The connection is closed after it, whether the client reads it or not. */
export function refuseUpgrade(
	socket: Duplex,
	status: number,
	message: string,
): void {
	const body = `${message}\n`;
	socket.on("error", () => socket.destroy());
	socket.once("finish", () => socket.destroy());
	socket.end(
		[
			`HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
			"Connection: close",
			"Content-Type: text/plain; charset=utf-8",
			`Content-Length: ${Buffer.byteLength(body)}`,
			...(status === 503 ? ["Retry-After: 1"] : []),
			...(status === 401 ? ["WWW-Authenticate: Bearer"] : []),
			"",
			body,
		].join("\r\n"),
	);
}
