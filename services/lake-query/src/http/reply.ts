/** Answers of the service. */
import type { ServerResponse } from "node:http";
import type { RequestRefused } from "./request-refused.ts";

export interface Reply {
	readonly status: number;
	readonly body: string | Uint8Array;
	readonly type?: string;
	readonly headers?: Readonly<Record<string, string>>;
}

/** Seconds after which a client should try again. */
const RETRY_AFTER_S = "1";

export const refusalReply = ({
	code,
	message,
	status,
}: RequestRefused): Reply => ({
	status,
	body: `${JSON.stringify({ error: { code, message } })}\n`,
	headers: {
		...(status === 429 || status === 503
			? { "retry-after": RETRY_AFTER_S }
			: {}),
		...(status === 401 ? { "www-authenticate": "Bearer" } : {}),
		// The rest of a body that was refused is not read.
		...(status === 408 || status === 413 || status === 503
			? { connection: "close" }
			: {}),
	},
});

export function send(
	response: ServerResponse,
	{ status, body, type, headers }: Reply,
): void {
	response.writeHead(status, {
		"content-type": type ?? "application/json",
		"content-length": Buffer.byteLength(body),
		"cache-control": "no-store",
		"x-content-type-options": "nosniff",
		...headers,
	});
	response.end(body);
}
