/**
 * Makes a port of a pod available on this machine, through the API server. This works wherever the
 * API does: from a laptop, a devcontainer, or for a cluster without an ingress. It also works
 * whatever network policies say about other pods.
 */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import type { Kube } from "./client.ts";

export interface Forward {
	/** On 127.0.0.1. */
	port: number;
	close(): void;
}

export async function forwardPort(
	kube: Kube,
	namespace: string,
	pod: string,
	port: number,
): Promise<Forward> {
	const forwarder = new kube.library.PortForward(kube.config);
	const sockets = new Set<Socket>();
	const server = createServer((socket) => {
		sockets.add(socket);
		socket.on("error", () => socket.destroy());
		socket.on("close", () => sockets.delete(socket));
		forwarder
			.portForward(namespace, pod, [port], socket, null, socket)
			.then((connection) => {
				if (typeof connection === "function") return;
				connection.on("close", () => socket.destroy());
				connection.on("error", () => socket.destroy());
				socket.on("close", () => connection.close());
			})
			.catch(() => socket.destroy());
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return {
		port: (server.address() as AddressInfo).port,
		close() {
			server.close();
			for (const socket of sockets) socket.destroy();
		},
	};
}
