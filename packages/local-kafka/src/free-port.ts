/** Ports of this machine. */
import { createServer } from "node:net";
import { LOCAL_HOST } from "./server-properties.ts";

/**
 * Checks that this process can listen on the port now. 0 gives a free port. Rejects with the
 * system's error (EADDRINUSE, EACCES).
 */
export const tryPort = (port: number, host = LOCAL_HOST): Promise<number> =>
	new Promise((resolve, reject) => {
		const server = createServer();
		server.once("error", reject);
		server.listen({ port, host, exclusive: true }, () => {
			const address = server.address();
			server.close(() =>
				resolve(typeof address === "object" && address ? address.port : port),
			);
		});
	});

/**
 * A free port. Another process may take it before it is used. That is unlikely, since the system
 * assigns ports in turn.
 */
export const freePort = (): Promise<number> => tryPort(0);
