/**
 * The whole middleware on a free loopback port, with a topic in memory and real websocket clients.
 */
import { once } from "node:events";
import {
	parseSettings,
	type ServerFrame,
	serverFrameSchema,
} from "@fireworks/contracts";
import { Registry, startHealthServer } from "@fireworks/service-kit";
import { type ClientOptions, WebSocket } from "ws";
import type { ClientLimits } from "../../src/limits.ts";
import { type Middleware, startMiddleware } from "../../src/middleware.ts";
import type { ReadableLog } from "../../src/reader/readable-log.ts";
import {
	MIDDLEWARE_SETTINGS,
	type MiddlewareSettings,
} from "../../src/settings.ts";
import { Viewer } from "./events.ts";
import { FakeLog } from "./fake-log.ts";

export interface Running {
	log: FakeLog;
	middleware: Middleware;
	port: number;
	registry: Registry;
	/** LagTracker everything: first the clients that are still connected. */
	end(): Promise<void>;
}

export async function run(
	settings: Partial<MiddlewareSettings> = {},
	log = new FakeLog(3),
	limits: Partial<ClientLimits> = {},
): Promise<Running> {
	const { middleware, registry, end } = await runOn(log, settings, limits);
	if (log.partitions !== undefined)
		await until(() => middleware.notReady() === undefined);
	return { log, middleware, port: middleware.port, registry, end };
}

/** The whole middleware on any log; it need not become ready. */
export async function runOn(
	log: ReadableLog,
	settings: Partial<MiddlewareSettings> = {},
	limits: Partial<ClientLimits> = {},
): Promise<Omit<Running, "log">> {
	const registry = new Registry();
	const servers: { close(): Promise<void> }[] = [];
	const middleware = await startMiddleware({
		settings: {
			...parseSettings({}, MIDDLEWARE_SETTINGS),
			middlewarePort: 0,
			...settings,
		},
		limits,
		log,
		logger: { info: () => {}, warn: () => {} },
		registry,
		serve: async (port, health) => {
			const server = await startHealthServer({
				host: "127.0.0.1",
				port,
				health,
				registry,
			});
			servers.push(server);
			return server;
		},
	});
	const end = async () => {
		await middleware.stop();
		for (const server of servers) await server.close();
	};
	return { middleware, port: middleware.port, registry, end };
}

/** Waits for a condition; the test's own timeout limits the wait. */
export async function until(
	condition: () => boolean | undefined,
): Promise<void> {
	while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

export class TestClient {
	readonly socket: WebSocket;
	readonly frames: ServerFrame[] = [];
	readonly viewer = new Viewer();
	readonly opened: Promise<unknown>;
	pings = 0;
	closed: { code: number; reason: string } | undefined;
	refused: { status: number; body: string } | undefined;

	constructor(
		port: number,
		{
			path = "/ws",
			protocols = ["fireworks.v1"],
			...options
		}: ClientOptions & { path?: string; protocols?: string[] } = {},
	) {
		this.socket = new WebSocket(
			`ws://127.0.0.1:${port}${path}`,
			protocols,
			options,
		);
		this.opened = once(this.socket, "open").catch(() => {});
		this.socket.on("message", (data) => {
			const frame = serverFrameSchema.parse(JSON.parse(data.toString()));
			this.frames.push(frame);
			this.viewer.take(frame);
		});
		this.socket.on("ping", () => this.pings++);
		this.socket.on("error", () => {});
		this.socket.on("close", (code, reason) => {
			this.closed = { code, reason: reason.toString() };
		});
		this.socket.on("unexpected-response", (request, response) => {
			let body = "";
			response.on("data", (part) => {
				body += part;
			});
			response.on("end", () => {
				this.refused = { status: response.statusCode ?? 0, body };
				request.destroy();
			});
		});
	}

	send(frame: unknown): void {
		this.socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
	}
	of<T extends ServerFrame["type"]>(
		type: T,
	): Extract<ServerFrame, { type: T }>[] {
		return this.frames.filter((f) => f.type === type) as never;
	}
}
