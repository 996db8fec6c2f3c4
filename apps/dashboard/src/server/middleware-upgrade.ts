/** The relay's connection to the middleware: repeats the page's upgrade request there. */
import {
	type IncomingMessage,
	type RequestOptions,
	request as requestHttp,
} from "node:http";
import { request as requestHttps } from "node:https";
import type { Socket } from "node:net";
import { RELAY_HEADER } from "@fireworks/contracts";
import { answerUpgrade } from "./answer-upgrade.ts";

/** The middleware answers at once. An unreachable middleware must not hold connections. */
const ANSWER_MS = 10_000;
/** The longest text of a refusal. */
const REFUSAL_BYTES_MAX = 4_096;

/** Headers that are forwarded unchanged. All others concern only the page's server. */
const REQUEST_HEADERS = [
	"authorization",
	"sec-websocket-extensions",
	"sec-websocket-key",
	"sec-websocket-protocol",
	"sec-websocket-version",
	"user-agent",
];
const REFUSAL_HEADERS = ["retry-after", "www-authenticate"];

export interface Middleware {
	/** ws(s)://host:port/ws */
	url: string;
	/** Empty: the middleware does not trust the relay's claim about who the client is. */
	secret: string;
}

export interface Answers {
	/** The middleware has accepted, and the client has been informed. */
	joined(upstream: Socket, head: Buffer): void;
	/** There was no usable response. */
	failed(status: number, why: string): void;
}

export function askMiddleware(
	middleware: Middleware,
	request: IncomingMessage,
	client: Socket,
	{ joined, failed }: Answers,
): void {
	const { url, options } = upgradeRequest(middleware, request);
	const ask = url.protocol === "https:" ? requestHttps : requestHttp;
	const asked = ask(url, options);
	let answered = false;
	const first = (): boolean => {
		const isFirst = !answered;
		answered = true;
		clearTimeout(timer);
		return isFirst;
	};
	const timer = setTimeout(() => {
		if (first()) failed(504, `no answer in ${ANSWER_MS} ms`);
		asked.destroy();
	}, ANSWER_MS);
	client.on("error", () => {});
	client.once("close", () => {
		if (first()) asked.destroy();
	});
	asked.on("error", (error) => {
		if (first()) failed(502, error.message);
	});
	asked.once("upgrade", (response, upstream, head) => {
		if (!first()) {
			upstream.destroy();
			return;
		}
		client.write(responseHead(response));
		joined(upstream as Socket, head);
	});
	asked.once("response", (response) => {
		if (first()) passOn(response, client);
		else response.destroy();
	});
	asked.end();
}

function upgradeRequest({ url, secret }: Middleware, request: IncomingMessage) {
	const to = new URL(url.replace(/^ws/, "http"));
	const query = request.url?.indexOf("?") ?? -1;
	if (query >= 0) to.search = request.url?.slice(query) ?? "";
	const { headers, socket } = request;
	const kept = Object.fromEntries(
		REQUEST_HEADERS.flatMap((name) =>
			headers[name] === undefined ? [] : [[name, headers[name]]],
		),
	);
	const options: RequestOptions = {
		// One connection per client, never a reused one.
		agent: false,
		headers: {
			...kept,
			connection: "Upgrade",
			upgrade: "websocket",
			// The origin was checked here. The middleware knows only its own list of origins.
			"x-forwarded-for": [headers["x-forwarded-for"], socket.remoteAddress]
				.filter(Boolean)
				.join(", "),
			...(secret && { [RELAY_HEADER]: secret }),
		},
	};
	return { url: to, options };
}

const responseHead = ({ rawHeaders }: IncomingMessage): string => {
	const lines = ["HTTP/1.1 101 Switching Protocols"];
	for (let i = 0; i < rawHeaders.length; i += 2)
		lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
	return `${lines.join("\r\n")}\r\n\r\n`;
};

/** The middleware refused: pass its refusal to the client. */
function passOn(response: IncomingMessage, client: Socket): void {
	let text = "";
	const done = () => {
		const headers = Object.fromEntries(
			REFUSAL_HEADERS.flatMap((name) => {
				const value = response.headers[name];
				return value === undefined ? [] : [[name, String(value)]];
			}),
		);
		if (!client.destroyed && client.writable)
			answerUpgrade(client, response.statusCode ?? 502, text.trim(), headers);
	};
	response.setEncoding("utf8");
	response.on("error", () => {});
	response.on("data", (part: string) => {
		text += part;
		if (text.length > REFUSAL_BYTES_MAX) response.destroy();
	});
	response.once("close", done);
}
