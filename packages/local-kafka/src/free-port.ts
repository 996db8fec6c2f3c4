/** Ports of this machine. */
import { createServer } from "node:net";
import { LOCAL_HOST } from "./server-properties.ts";

/** Can this port be listened on now? 0 gives a free one. Rejects with the system's error (EADDRINUSE, EACCES). */
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

/** A free port. Somebody else may take it before it is used: unlikely, since the system hands them out in turn. */
export const freePort = (): Promise<number> => tryPort(0);
