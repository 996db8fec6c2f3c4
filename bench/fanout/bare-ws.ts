/** The reference: `ws` as its users write it, one loop over the clients, sending prepared bytes. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { blast, residentBytes } from "./blast.ts";
import { payloads } from "./bytes.ts";
import { answer } from "./peer.ts";

const frames = payloads(64);
const server = new WebSocketServer({
	host: "127.0.0.1",
	port: 0,
	backlog: 4_096,
	perMessageDeflate: false,
});
await once(server, "listening");
const first = '{"type":"snapshot","position":"v1.0"}';
server.on("connection", (socket) => socket.send(first));
let next = 0;

answer({
	port: () => (server.address() as AddressInfo).port,
	resident: residentBytes,
	blast: ({ count }: { count: number }) =>
		blast(
			count,
			server.clients.size,
			() => {
				const bytes = frames[next++ % frames.length] as Buffer;
				for (const client of server.clients)
					client.send(bytes, { binary: false });
			},
			() => {
				let most = 0;
				for (const client of server.clients)
					most = Math.max(most, client.bufferedAmount);
				return most;
			},
		),
});
