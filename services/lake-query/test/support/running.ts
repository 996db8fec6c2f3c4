/** The service in this process, over a lake of plain files, with real processes for statements. */
import { join } from "node:path";
import { parseSettings } from "@fireworks/contracts";
import {
	createLogger,
	Registry,
	SERVICE_SETTINGS,
	startHealthServer,
} from "@fireworks/service-kit";
import { QUERY_SETTINGS, runLakeQuery } from "../../src/query-service.ts";
import { PlainLake } from "./plain-lake.ts";

export interface Running {
	readonly lake: PlainLake;
	readonly port: number;
	/** Answers with the status, and the body as JSON where it is that. */
	ask(path: string, init?: RequestInit): Promise<Answer>;
	sql(sql: string, init?: RequestInit): Promise<Answer>;
	end(): Promise<void>;
}

interface Answer {
	readonly status: number;
	readonly headers: Headers;
	readonly text: string;
	// biome-ignore lint/suspicious/noExplicitAny: the tests say what they expect of it
	readonly json: any;
}

export async function startRunning(
	environment: Record<string, string> = {},
): Promise<Running> {
	const lake = await PlainLake.open();
	const stop = new AbortController();
	const registry = new Registry();
	const settings = parseSettings(
		{ FIREWORKS_LAKE_QUERY_PORT: "0", ...environment },
		[...SERVICE_SETTINGS, ...QUERY_SETTINGS],
	);
	const listening = Promise.withResolvers<number>();
	let close = async () => {};
	const running = runLakeQuery(
		{
			settings,
			logger: createLogger("lake-query", "silent"),
			registry,
			signal: stop.signal,
			serve: async (port, health) => {
				const { host } = settings;
				const server = await startHealthServer({
					host,
					port,
					health,
					registry,
				});
				close = server.close;
				listening.resolve(server.port);
				return server;
			},
		},
		lake,
		join(import.meta.dirname, "sql-child.ts"),
	);
	running.catch(listening.reject);
	const port = await listening.promise;
	const ask = async (path: string, init?: RequestInit) => {
		const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
		const text = await response.text();
		const isJson = response.headers.get("content-type") === "application/json";
		const { status, headers } = response;
		return {
			status,
			headers,
			text,
			json: isJson ? JSON.parse(text) : undefined,
		};
	};
	return {
		lake,
		port,
		ask,
		sql: (sql, init) =>
			ask("/sql", { method: "POST", body: JSON.stringify({ sql }), ...init }),
		end: async () => {
			stop.abort();
			await running;
			await close();
			lake.close();
		},
	};
}
