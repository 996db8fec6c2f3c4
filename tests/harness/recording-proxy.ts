/** An HTTP proxy (CONNECT and plain requests) that forwards the requests and records them. */
import { once } from "node:events";
import { createServer, type IncomingMessage, request } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

export interface RecordingProxy {
	url: string;
	/** host:port of each request, in order. */
	asked: string[];
	close(): void;
}

/** host: the address it listens on, as its clients see it. Containers reach Docker's bridge. */
export async function recordingProxy(host: string): Promise<RecordingProxy> {
	const asked: string[] = [];
	const sockets = new Set<Socket>();
	const server = createServer((incoming, answer) => {
		const url = new URL(incoming.url ?? "", "http://nowhere");
		asked.push(url.host);
		const { method, headers } = incoming;
		const onward = request(url, { method, headers, agent: false });
		onward.on("response", (response) => {
			answer.writeHead(response.statusCode ?? 502, response.headers);
			response.pipe(answer);
		});
		onward.on("error", () => answer.writeHead(502).end());
		incoming.pipe(onward);
	});
	server.on("connection", (socket) => {
		sockets.add(socket);
		socket.on("close", () => sockets.delete(socket));
	});
	server.on("connect", (incoming: IncomingMessage, client: Socket) => {
		asked.push(incoming.url ?? "");
		const { hostname, port } = new URL(`http://${incoming.url}`);
		const onward = connect(Number(port || 443), hostname, () => {
			client.write("HTTP/1.1 200 Connection established\r\n\r\n");
			onward.pipe(client).pipe(onward);
		});
		for (const [socket, other] of [
			[client, onward],
			[onward, client],
		] as const) {
			socket.on("error", () => other.destroy());
			socket.on("close", () => other.destroy());
		}
	});
	server.listen(0, host);
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://${host}:${port}`,
		asked,
		close() {
			server.close();
			for (const socket of sockets) socket.destroy();
		},
	};
}
