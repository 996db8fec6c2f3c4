/** What can be said about a request before its body is read, the cheapest checks first. */
import type { IncomingMessage } from "node:http";
import { bearerTokenOf, sameSecret } from "@fireworks/service-kit";
import type { BodyFormat } from "../records/prepare.ts";
import { RequestRefused } from "./request-refused.ts";

export const STREAMS_PATH = "/streams/";

export interface CheckedRequest {
	readonly stream: string;
	readonly format: BodyFormat;
	readonly idempotencyKey: string | undefined;
}

const FORMATS: Readonly<Record<string, BodyFormat>> = {
	"application/json": "json",
	"application/x-ndjson": "ndjson",
	"application/ndjson": "ndjson",
};

/** Visible characters of ASCII. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/** bearerToken: empty if none is needed. Throws RequestRefused. */
export function checkRequest(
	request: Pick<IncomingMessage, "url" | "method" | "headers">,
	bearerToken: string,
): CheckedRequest {
	const { method, headers } = request;
	const token = bearerTokenOf(headers.authorization);
	if (bearerToken !== "") {
		if (token === undefined || !sameSecret(token, bearerToken))
			throw new RequestRefused(
				"unauthorized",
				"a valid bearer token is needed",
			);
	} else if (headers.origin !== undefined)
		// A page that a person has open must not write to a service on the same machine.
		throw new RequestRefused(
			"page-not-allowed",
			"a web page may write only if the service has a bearer token",
		);
	const stream = streamOf(request.url ?? "");
	if (method !== "POST")
		throw new RequestRefused("method-not-allowed", "records are sent by POST");
	return {
		stream,
		format: formatOf(headers),
		idempotencyKey: keyOf(headers["idempotency-key"]),
	};
}

function streamOf(url: string): string {
	const path = url.split("?", 1)[0] ?? "";
	try {
		const name = decodeURIComponent(path.slice(STREAMS_PATH.length));
		if (name !== "" && !name.includes("/")) return name;
	} catch {
		// A wrong escape is a wrong path.
	}
	throw new RequestRefused("bad-path", "records are sent to /streams/NAME");
}

function formatOf(headers: IncomingMessage["headers"]): BodyFormat {
	const type = headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
	const format = FORMATS[type ?? ""];
	if (format === undefined)
		throw new RequestRefused(
			"bad-content-type",
			`the content type must be application/json or application/x-ndjson, not ${type ?? "absent"}`,
		);
	const encoding = headers["content-encoding"] ?? "identity";
	if (encoding !== "identity")
		throw new RequestRefused(
			"bad-content-type",
			`the content encoding ${encoding} is not supported: send the body as it is`,
		);
	return format;
}

function keyOf(header: string | string[] | undefined): string | undefined {
	if (header === undefined) return undefined;
	if (typeof header === "string" && KEY.test(header)) return header;
	throw new RequestRefused(
		"bad-idempotency-key",
		"the Idempotency-Key must be 1 to 255 visible ASCII characters",
	);
}
