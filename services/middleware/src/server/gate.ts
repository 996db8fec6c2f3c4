/** Whether an upgrade is let in: a pure decision on what it says, in the order of what is cheapest to refuse. */
import {
	CONNECT_QUERY,
	PROTOCOL,
	type StreamPosition,
	WEBSOCKET_PATH,
} from "@fireworks/contracts";
import type { Wish } from "../fanout/subscription.ts";
import { type AuthOptions, mayConnect } from "./auth.ts";
import { afterOf, wishOf } from "./connect-query.ts";

/** The parts of an upgrade request that count. */
export interface UpgradeRequest {
	url: string;
	origin: string | undefined;
	/** Sec-WebSocket-Protocol as it came. */
	protocols: string | undefined;
	authorization: string | undefined;
}

export interface GateRules {
	/** Exact. */
	origins: readonly string[];
	auth: AuthOptions;
	/** Why nobody is let in now. */
	closed: () => string | undefined;
	partitions: () => number;
	wallMs: () => number;
}

/** reason: for the metric; message: for the client. */
export interface Refusal {
	status: 400 | 401 | 403 | 404 | 503;
	reason: string;
	message: string;
}

export type Verdict =
	| { pass: true; wish: Wish; after: StreamPosition | undefined }
	| ({ pass: false } & Refusal);

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
	const offered = protocols?.split(",").map((name) => name.trim());
	if (offered !== undefined && !offered.includes(PROTOCOL))
		return refuse(400, "protocol", `the subprotocol here is ${PROTOCOL}`);
	const wish = wishOf(searchParams);
	if (wish === undefined)
		return refuse(400, "query", "deviceId or windowMs is out of its range");
	const closed = rules.closed();
	if (closed !== undefined) return refuse(503, "not-ready", closed);
	return { pass: true, wish, after: afterOf(searchParams, rules.partitions()) };
}
