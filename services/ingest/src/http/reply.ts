/** Answers as JSON. */
import type { ServerResponse } from "node:http";
import { RETRY_AFTER_S } from "../limits.ts";
import type { RequestRefused } from "./request-refused.ts";

export interface Reply {
	readonly status: number;
	/** JSON. */
	readonly body: string;
	readonly headers?: Readonly<Record<string, string>>;
}

export const refusalReply = ({
	code,
	message,
	status,
}: RequestRefused): Reply => ({
	status,
	body: JSON.stringify({ error: { code, message } }),
	headers: {
		...(status === 429 || status === 503
			? { "retry-after": String(RETRY_AFTER_S) }
			: {}),
		...(status === 401 ? { "www-authenticate": "Bearer" } : {}),
		...(status === 405 ? { allow: "POST" } : {}),
		...(status === 408 || code === "stopping" ? { connection: "close" } : {}),
	},
});

export function send(
	response: ServerResponse,
	{ status, body, headers }: Reply,
): void {
	response.writeHead(status, {
		"content-type": "application/json",
		"cache-control": "no-store",
		...headers,
	});
	response.end(`${body}\n`);
}
