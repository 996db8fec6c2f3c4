/**
 * A real forward proxy on loopback: CONNECT and absolute-form requests, to host names that only it
 * can resolve.
 */
import { createServer, request } from "node:http";
import { type AddressInfo, connect } from "node:net";

export interface ConnectProxy {
	url: string;
	/** The requests it received, in order: "CONNECT maven.test:443", "GET http://maven.test/x". */
	asked: string[];
	close(): void;
}

/** hosts: the port on 127.0.0.1 for each name. */
export async function startProxy(
	hosts: Readonly<Record<string, number>>,
): Promise<ConnectProxy> {
	const asked: string[] = [];
	const server = createServer((incoming, response) => {
		asked.push(`${incoming.method} ${incoming.url}`);
		const { hostname, pathname } = new URL(incoming.url ?? "");
		const onward = request(
			{ host: "127.0.0.1", port: hosts[hostname], path: pathname },
			(answer) => {
				response.writeHead(answer.statusCode ?? 502, answer.headers);
				answer.pipe(response);
			},
		);
		onward.on("error", () => response.writeHead(502).end());
		onward.end();
	});
	server.on("connect", (incoming, socket) => {
		asked.push(`CONNECT ${incoming.url}`);
		const port = hosts[incoming.url?.split(":")[0] ?? ""];
		socket.on("error", () => {});
		if (port === undefined) {
			socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
			return;
		}
		const onward = connect(port, "127.0.0.1", () => {
			socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
			socket.pipe(onward).pipe(socket);
		});
		onward.on("error", () => socket.destroy());
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		asked,
		close() {
			server.closeAllConnections();
			server.close();
		},
	};
}
