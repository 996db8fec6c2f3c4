/** Listens such that `localhost` leads to us, whichever address family a browser tries first. */
import type { RequestListener, Server } from "node:http";
import { createServer } from "node:http";

/**
 * Maps an address of one family that `localhost` leads to, to the loopback address of the other.
 */
const TWIN: Readonly<Record<string, string>> = {
	"127.0.0.1": "::1",
	"0.0.0.0": "::1",
	"::1": "127.0.0.1",
};
/** The error codes if this machine lacks the address family. */
const ABSENT = new Set(["EADDRNOTAVAIL", "EAFNOSUPPORT"]);

export class PortTaken extends Error {
	override name = "PortTaken";
}

/**
 * Listens on the host and, if `localhost` leads to it by one family only, also on the loopback
 * address of the other. `localhost` means both, and another program on the second address would
 * answer the browser in our place. Throws PortTaken if another program has the port on one of them.
 */
export async function listen(
	host: string,
	port: number,
	answer: RequestListener,
): Promise<Server[]> {
	const first = await listenOn(host, port, answer);
	const twin = TWIN[host];
	if (twin === undefined) return [first];
	try {
		const { port: taken } = first.address() as { port: number };
		return [first, await listenOn(twin, taken, answer)];
	} catch (error) {
		if (ABSENT.has((error as NodeJS.ErrnoException).code ?? "")) return [first];
		first.close();
		throw error;
	}
}

function listenOn(
	host: string,
	port: number,
	answer: RequestListener,
): Promise<Server> {
	const server = createServer({ maxHeaderSize: 16_384 }, answer);
	return new Promise((resolve, reject) => {
		server.once("error", (error: NodeJS.ErrnoException) =>
			reject(
				error.code === "EADDRINUSE"
					? new PortTaken(
							`another program listens on port ${port} of ${host}: stop it, or choose another port with FIREWORKS_DASHBOARD_PORT`,
							{ cause: error },
						)
					: error,
			),
		);
		server.listen({ host, port }, () => resolve(server));
	});
}
