/**
 * The small HTTP server of every service: /livez, /readyz, /metrics. The middleware serves its
 * websocket on the same server.
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Registry } from "prom-client";
import { answerProbe, type Health } from "./health.ts";

/**
 * Maximum number of connections that wait to be accepted. Thousands of websocket clients may
 * reconnect at once, and a client that finds no room tries again a second later.
 */
const BACKLOG = 4_096;

export interface HealthServerOptions {
	host: string;
	/** 0: any free port. */
	port: number;
	health: Health;
	registry: Registry;
}

export interface HealthServer {
	server: Server;
	/** The port on which it listens. */
	port: number;
	/** Stops accepting, drops idle connections, and closes the server. */
	close(): Promise<void>;
}

/** Starts to listen; rejects with the system's error (such as EADDRINUSE). */
export async function startHealthServer(
	options: HealthServerOptions,
): Promise<HealthServer> {
	const { health, registry } = options;
	const server = createServer(
		{ requestTimeout: 10_000, headersTimeout: 5_000, maxHeaderSize: 16_384 },
		(request, response) => {
			if (health.handle?.(request, response) === true) return;
			const send = (status: number, type: string, body: string) =>
				response
					.writeHead(status, {
						"content-type": type,
						"cache-control": "no-store",
					})
					.end(body);
			if (request.method !== "GET" && request.method !== "HEAD")
				return send(405, "text/plain", "GET only\n");
			const path = request.url?.split("?", 1)[0] ?? "";
			const page = health.pages?.[path];
			if (page !== undefined)
				return send(200, "application/json", `${JSON.stringify(page())}\n`);
			const { below } = health;
			if (below !== undefined && path.startsWith(below.path)) {
				const rest = decoded(path.slice(below.path.length));
				if (rest === undefined)
					return send(400, "text/plain", "The path is not valid\n");
				return below.answer(rest, request.headers).then(
					({ status, body }) => send(status, "application/json", body),
					(error: unknown) => send(500, "text/plain", `${String(error)}\n`),
				);
			}
			switch (path) {
				case "/livez":
				case "/readyz": {
					const { status, body } = answerProbe(
						path === "/livez" ? health.live : health.ready,
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
						`Not found: ${["/livez", "/readyz", "/metrics", ...Object.keys(health.pages ?? {})].join(", ")} are here\n`,
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

/** Text of a path; undefined if its escapes are wrong. */
function decoded(text: string): string | undefined {
	try {
		return decodeURIComponent(text);
	} catch {
		return undefined;
	}
}
