/** The small HTTP server of every service: /livez, /readyz, /metrics. The middleware hangs its websocket on the same server. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Registry } from "prom-client";
import { answerProbe, type Health } from "./health.ts";

/** Connections that wait to be accepted: thousands of websocket clients may come back at once, and one that finds no room tries again a second later. */
const BACKLOG = 4_096;

export interface HealthServerOptions {
	host: string;
	/** 0: a free one. */
	port: number;
	health: Health;
	registry: Registry;
}

export interface HealthServer {
	server: Server;
	/** The port it listens on. */
	port: number;
	/** Stops accepting, drops idle connections, and ends. */
	close(): Promise<void>;
}

/** Listens; rejects with the system's error (EADDRINUSE and its like). */
export async function startHealthServer(
	options: HealthServerOptions,
): Promise<HealthServer> {
	const { health, registry } = options;
	const server = createServer(
		{ requestTimeout: 10_000, headersTimeout: 5_000, maxHeaderSize: 16_384 },
		(request, response) => {
			const send = (status: number, type: string, body: string) =>
				response
					.writeHead(status, {
						"content-type": type,
						"cache-control": "no-store",
					})
					.end(body);
			if (request.method !== "GET" && request.method !== "HEAD")
				return send(405, "text/plain", "GET only\n");
			switch (request.url?.split("?", 1)[0]) {
				case "/livez":
				case "/readyz": {
					const { status, body } = answerProbe(
						request.url.startsWith("/livez") ? health.live : health.ready,
					);
					return send(status, "application/json", body);
				}
				case "/metrics":
					return registry.metrics().then(
						(text) => send(200, registry.contentType, text),
						(error: unknown) => send(500, "text/plain", `${String(error)}\n`),
					);
				default:
					return send(
						404,
						"text/plain",
						"Not found: /livez, /readyz and /metrics are here\n",
					);
			}
		},
	);
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		const { host, port } = options;
		server.listen({ host, port, backlog: BACKLOG }, resolve);
	});
	return {
		server,
		port: (server.address() as AddressInfo).port,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeIdleConnections();
			}),
	};
}
