/**
 * A GET of the API server whose body is read as a stream: for logs that are followed for hours, and
 * for what a pod answers through the server's proxy. The generated client reads whole bodies as
 * JSON, and its HTTP library ends a silent stream after five minutes.
 */
import { type IncomingMessage, request as requestHttp } from "node:http";
import { type RequestOptions, request as requestHttps } from "node:https";
import { text } from "node:stream/consumers";
import type { Kube } from "./client.ts";

const HEAD_TIMEOUT_MS = 20_000;
/** Enough for a topic and all that a broker says about it. */
const ERROR_CHARACTERS_MAX = 10_000;

/**
 * path: including the query. Throws Error with the server's own message if the status is not 200.
 */
export async function getStream(
	{ config }: Kube,
	path: string,
	signal?: AbortSignal,
): Promise<IncomingMessage> {
	const server = new URL(config.getCurrentCluster()?.server ?? "");
	const options: RequestOptions = { method: "GET" };
	await config.applyToHTTPSOptions(options);
	const url = new URL(server.pathname.replace(/\/$/, "") + path, server);
	const request = url.protocol === "http:" ? requestHttp : requestHttps;
	const response = await new Promise<IncomingMessage>((resolve, reject) => {
		const sent = request(url, { ...options, ...(signal ? { signal } : {}) });
		const timer = setTimeout(
			() => sent.destroy(new Error("the API server did not answer in time")),
			HEAD_TIMEOUT_MS,
		);
		sent.on("error", reject);
		sent.on("response", resolve);
		sent.on("close", () => clearTimeout(timer));
		sent.once("response", () => clearTimeout(timer));
		sent.end();
	});
	if (response.statusCode === 200) return response;
	const body = (await text(response)).slice(0, ERROR_CHARACTERS_MAX);
	throw Object.assign(new Error(messageIn(body) || `${response.statusCode}`), {
		code: response.statusCode,
	});
}

export const getText = async (
	kube: Kube,
	path: string,
	signal?: AbortSignal,
): Promise<string> => text(await getStream(kube, path, signal));

function messageIn(body: string): string {
	try {
		const { message } = JSON.parse(body) as { message?: unknown };
		return typeof message === "string" ? message : body;
	} catch {
		return body.trim();
	}
}
