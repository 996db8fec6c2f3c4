/** Whose connection it is, for the limit by address. */
import type { IncomingMessage } from "node:http";

/**
 * The client's address.
 *
 * hops: trusted proxies before us. Each appends the address that it saw to X-Forwarded-For, so the entry that many from the right is the last
 * that a trusted one wrote; all to its left may be made up. 0, or too few entries: the connection's own address.
 */
export function clientAddress(request: IncomingMessage, hops: number): string {
	const own = request.socket.remoteAddress ?? "unknown";
	const header = request.headers["x-forwarded-for"];
	const entries = (Array.isArray(header) ? header.join(",") : (header ?? ""))
		.split(",")
		.map((entry) => entry.trim());
	const told = hops > 0 ? entries.at(-hops) : undefined;
	// An IPv4 client of a dual-stack socket is the same client.
	return (told || own).replace(/^::ffff:(?=\d+\.)/i, "");
}
