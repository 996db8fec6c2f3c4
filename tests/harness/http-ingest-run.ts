/** Runs services/ingest as its process, and sends records to it. */
import { join } from "node:path";
import { freePort } from "@fireworks/local-kafka";
import { type NodeProcess, startNode } from "./node-process.ts";

const MAIN = join(import.meta.dirname, "../../services/ingest/src/main.ts");
const REQUEST_MS = 60_000;

export interface Posted {
	readonly status: number;
	readonly headers: Headers;
	// biome-ignore lint/suspicious/noExplicitAny: the tests say what they expect of it
	readonly json: any;
}

export interface HttpIngestRun extends NodeProcess {
	readonly port: number;
	/** An object is sent as JSON, a text as NDJSON. */
	post(
		stream: string,
		body: object | string,
		headers?: Record<string, string>,
	): Promise<Posted>;
}

/** port: of an earlier run that it replaces. Default: a free one. */
export async function startHttpIngest(
	environment: Record<string, string>,
	port?: number,
): Promise<HttpIngestRun> {
	const listen = port ?? (await freePort());
	const started = startNode(
		[MAIN],
		{ ...environment, FIREWORKS_INGEST_PORT: String(listen) },
		listen,
	);
	const base = `http://127.0.0.1:${listen}`;
	return {
		...started,
		port: listen,
		post: async (stream, body, headers = {}) => {
			const response = await fetch(`${base}/streams/${stream}`, {
				method: "POST",
				headers: {
					"content-type":
						typeof body === "string"
							? "application/x-ndjson"
							: "application/json",
					...headers,
				},
				body: typeof body === "string" ? body : JSON.stringify(body),
				signal: AbortSignal.timeout(REQUEST_MS),
			});
			return {
				status: response.status,
				headers: response.headers,
				json: await response.json(),
			};
		},
	};
}
