/**
 * Decides whether to accept an upgrade: a pure function of the request, with the cheapest checks
 * first.
 */
import {
	CONNECT_QUERY,
	PROTOCOL,
	STREAM_PROTOCOL,
	type StreamPosition,
	WEBSOCKET_PATH,
} from "@fireworks/contracts";
import type { SubscriptionRequest } from "../fanout/subscription.ts";
import {
	type StreamRequest,
	streamRequestOf,
} from "../streams/stream-request.ts";
import { type AuthOptions, mayConnect } from "./auth.ts";
import { afterOf, requestOf } from "./connect-query.ts";

/** The parts of an upgrade request that matter. */
export interface UpgradeRequest {
	url: string;
	origin: string | undefined;
	/** The Sec-WebSocket-Protocol header, unparsed. */
	protocols: string | undefined;
	authorization: string | undefined;
}

export interface GateRules {
	/** Compared exactly. */
	origins: readonly string[];
	auth: AuthOptions;
	/** Why all clients of the built-in stream are refused now, or undefined. */
	closed: () => string | undefined;
	/** Why all clients of `fireworks.v2` are refused now, or undefined. */
	streamsClosed: () => string | undefined;
	partitions: () => number;
	/** The topic's id. */
	stream: () => string;
	wallMs: () => number;
}

/** reason: for the metric; message: for the client. */
interface Refusal {
	status: 400 | 401 | 403 | 404 | 503;
	reason: string;
	message: string;
}

export type Verdict =
	| {
			pass: true;
			protocol: typeof PROTOCOL;
			subscription: SubscriptionRequest;
			after: StreamPosition | undefined;
	  }
	/** Whether there is such a stream is decided later. */
	| { pass: true; protocol: typeof STREAM_PROTOCOL; request: StreamRequest }
	| ({ pass: false } & Refusal);

const PROTOCOLS = [PROTOCOL, STREAM_PROTOCOL] as const;

/** The first protocol of the client's that we speak; that of v1 if it offers none. */
export const chosenProtocol = (
	offered: Iterable<string> | undefined,
): (typeof PROTOCOLS)[number] | undefined =>
	offered === undefined
		? PROTOCOL
		: [...offered]
				.map((name) => PROTOCOLS.find((known) => known === name))
				.find((known) => known !== undefined);

const refuse = (
	status: Refusal["status"],
	reason: string,
	message: string,
): Verdict => ({ pass: false, status, reason, message });

export function judge(request: UpgradeRequest, rules: GateRules): Verdict {
	const { pathname, searchParams } = new URL(
		`http://localhost${request.url.startsWith("/") ? request.url : "/"}`,
	);
	if (pathname !== WEBSOCKET_PATH)
		return refuse(404, "path", `websockets are at ${WEBSOCKET_PATH}`);
	if (request.origin !== undefined && !rules.origins.includes(request.origin))
		return refuse(403, "origin", "pages of this origin may not connect");
	const { authorization, protocols } = request;
	const ticket = searchParams.get(CONNECT_QUERY.ticket);
	if (!mayConnect(rules.auth, authorization, ticket, rules.wallMs()))
		return refuse(401, "credentials", "a valid token or ticket is needed");
	const protocol = chosenProtocol(
		protocols?.split(",").map((name) => name.trim()),
	);
	if (protocol === undefined)
		return refuse(
			400,
			"protocol",
			`the subprotocols here are ${PROTOCOLS.join(" and ")}`,
		);
	return protocol === PROTOCOL
		? judgeBuiltIn(searchParams, rules)
		: judgeStream(searchParams, rules);
}

function judgeBuiltIn(query: URLSearchParams, rules: GateRules): Verdict {
	const subscription = requestOf(query);
	if (subscription === undefined)
		return refuse(400, "query", "deviceId or windowMs is out of its range");
	const closed = rules.closed();
	if (closed !== undefined) return refuse(503, "not-ready", closed);
	const after = afterOf(query, rules.partitions(), rules.stream());
	return { pass: true, protocol: PROTOCOL, subscription, after };
}

function judgeStream(query: URLSearchParams, rules: GateRules): Verdict {
	const request = streamRequestOf(query);
	if (request === undefined)
		return refuse(400, "query", "key or windowMs is out of its range");
	const closed = rules.streamsClosed();
	if (closed !== undefined) return refuse(503, "not-ready", closed);
	return { pass: true, protocol: STREAM_PROTOCOL, request };
}
