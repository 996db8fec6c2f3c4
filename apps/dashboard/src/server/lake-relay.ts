/**
 * Relays the page's questions to the lake's query service: /lake/tables, /lake/history, /lake/sql.
 * So the page needs no second address, and its policy no other origin.
 *
 * Only these paths and their methods pass, only from our own page, and only so many at a time. A
 * question is given up when the page gives it up. Both directions are streamed, so a large answer
 * waits in the query service for a slow browser, not here.
 */
import {
	type IncomingMessage,
	request as requestHttp,
	type ServerResponse,
} from "node:http";
import { request as requestHttps } from "node:https";
import type { Log } from "./log.ts";
import { isSameOrigin } from "./same-origin.ts";

const METHODS: ReadonlyMap<string, string> = new Map([
	["/lake/tables", "GET"],
	["/lake/history", "GET"],
	["/lake/sql", "POST"],
]);
/** Questions that are relayed at the same time. */
const QUESTIONS_MAX = 64;
/** The longest SQL text, with its JSON around it. */
const BODY_BYTES_MAX = 65_536;
/** The query service has its own, shorter limit. An unreachable one must not hold connections. */
const SILENT_MS = 90_000;
/** At most one log line about failures in this time. */
const LOG_INTERVAL_MS = 10_000;
const REQUEST_HEADERS = ["accept", "content-type", "content-length"];
const ANSWER_HEADERS = ["content-type", "content-length", "retry-after"];

export const LAKE_OFF = "The lake is off: sh bootstrap.sh up --local --lake";

export interface LakeRelayOptions {
	/** http(s)://host:port of the query service; empty: the lake is off. */
	url: string;
	/** What the query service asks for; empty: nothing. */
	bearerToken: string;
	log: Log;
	nowMs?: () => number;
}

export class LakeRelay {
	readonly #options: LakeRelayOptions;
	#questions = 0;
	#loggedMs = Number.NEGATIVE_INFINITY;

	constructor(options: LakeRelayOptions) {
		this.#options = options;
	}

	/** Answers a request below /lake/; false for any other path. */
	take(request: IncomingMessage, response: ServerResponse): boolean {
		const path = (request.url ?? "/").split("?", 1)[0] as string;
		if (!path.startsWith("/lake/")) return false;
		const refusal = this.#refusal(path, request);
		if (refusal !== undefined) refuse(response, ...refusal);
		else this.#relay(request, response);
		return true;
	}

	/** Status and reason; undefined: it passes. */
	#refusal(path: string, request: IncomingMessage): Refusal | undefined {
		const { headers, method } = request;
		const wanted = METHODS.get(path);
		if (wanted === undefined)
			return [404, "The lake has /lake/tables, /lake/history and /lake/sql"];
		if (this.#options.url === "") return [404, LAKE_OFF];
		if (method !== wanted)
			return [405, `${path} takes ${wanted}`, { allow: wanted }];
		const { origin, "sec-fetch-site": site } = headers;
		if (
			(origin !== undefined && !isSameOrigin(origin, headers)) ||
			// A script or picture element of another page sends no Origin.
			(site !== undefined && site !== "same-origin" && site !== "none")
		)
			return [403, "Pages of another origin may not ask the lake"];
		if (method === "POST" && !(Number(headers["content-length"]) >= 0))
			return [411, "Send the length of the body: Content-Length"];
		if (Number(headers["content-length"] ?? 0) > BODY_BYTES_MAX)
			return [413, `A query has at most ${BODY_BYTES_MAX} bytes`];
		if (this.#questions >= QUESTIONS_MAX)
			return [
				503,
				"Too many questions to the lake at the same time: ask again",
				{ "retry-after": "1" },
			];
		return undefined;
	}

	#relay(request: IncomingMessage, response: ServerResponse): void {
		this.#questions++;
		response.once("close", () => {
			this.#questions--;
			asked.destroy();
		});
		const { url, bearerToken } = this.#options;
		const to = upstreamUrl(url, request.url ?? "/");
		const ask = to.protocol === "https:" ? requestHttps : requestHttp;
		const asked = ask(
			to,
			{
				method: request.method,
				headers: {
					...chosen(request.headers, REQUEST_HEADERS),
					...(bearerToken && { authorization: `Bearer ${bearerToken}` }),
				},
				timeout: SILENT_MS,
			},
			(answer) => {
				response.writeHead(answer.statusCode ?? 502, {
					...chosen(answer.headers, ANSWER_HEADERS),
					...NOT_STORED,
				});
				// The browser must notice an answer that was cut off.
				answer.once("error", () => response.destroy());
				answer.pipe(response);
			},
		);
		asked.once("timeout", () => asked.destroy(new Error("no answer in time")));
		asked.once("error", (error) => this.#failed(response, error));
		request.pipe(asked);
	}

	#failed(response: ServerResponse, error: Error): void {
		if (response.destroyed) return;
		if (response.headersSent) {
			response.destroy();
			return;
		}
		refuse(response, 502, "The lake's query service does not answer");
		const { log, url, nowMs = Date.now } = this.#options;
		if (nowMs() - this.#loggedMs < LOG_INTERVAL_MS) return;
		this.#loggedMs = nowMs();
		log(
			"warn",
			{ lake: url, why: error.message },
			"the lake's query service does not answer: check that it runs (fireworks status)",
		);
	}
}

type Refusal = [status: number, reason: string, headers?: Headers];
type Headers = Record<string, string>;

/** An answer is of its moment, and of one user. */
const NOT_STORED = {
	"cache-control": "no-store",
	"x-content-type-options": "nosniff",
};

function refuse(
	response: ServerResponse,
	status: number,
	error: string,
	headers: Headers = {},
): void {
	response.writeHead(status, {
		"content-type": "application/json; charset=utf-8",
		// The rest of a body that was refused is not read.
		connection: "close",
		...NOT_STORED,
		...headers,
	});
	response.end(JSON.stringify({ error }));
}

/** /lake/history?… becomes /history?… below the service's address. */
function upstreamUrl(url: string, asked: string): URL {
	const to = new URL(url);
	const { pathname, search } = new URL(asked, "http://page");
	to.pathname = `${to.pathname.replace(/\/$/, "")}${pathname.slice("/lake".length)}`;
	to.search = search;
	return to;
}

const chosen = (
	headers: IncomingMessage["headers"],
	names: readonly string[],
): Headers =>
	Object.fromEntries(
		names.flatMap((name) => {
			const value = headers[name];
			return value === undefined ? [] : [[name, String(value)]];
		}),
	);
