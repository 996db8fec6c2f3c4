/**
 * A GET of the API server whose body comes as a stream: logs that are followed for hours, and what a pod answers through the server's proxy.
 * The generated client reads bodies whole, as JSON, and its HTTP library ends a silent stream after five minutes.
 */
import { type IncomingMessage, request as requestHttp } from "node:http";
import { type RequestOptions, request as requestHttps } from "node:https";
import { text } from "node:stream/consumers";
import type { Kube } from "./client.ts";

const HEAD_TIMEOUT_MS = 20_000;
const ERROR_CHARACTERS_MAX = 500;

/** path: with its query. Throws Error with the server's own message where it does not answer 200. */
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
