/**
 * Fetches a token by OAuth 2.0's client credentials grant (RFC 6749, 4.4), as Kafka's own clients
 * do: id and secret go as HTTP Basic. The token server's certificate is checked against the CAs
 * that Node trusts (NODE_EXTRA_CA_CERTS adds to them).
 */
import { AccessRefused } from "./access-refused.ts";
import type { Token } from "./token-cache.ts";

export interface ClientCredentials {
	tokenUrl: string;
	clientId: string;
	/** Called at each fetch, because the secret may come from a file that changes. */
	clientSecret(): string;
	/** Empty: no scope. */
	scope: string;
	/** Default: 5 s. The broker gives an authentication 10 s. */
	timeoutMs?: number;
}

const ANSWER_BYTES_MAX = 262_144;
/** Assumed lifetime of a token that does not say how long it is valid. */
const LIVES_MS = 300_000;

/**
 * Throws AccessRefused if the server rejects the client, because a retry would fail too. Other
 * errors may go away.
 */
export async function clientCredentialsToken(
	options: ClientCredentials,
): Promise<Token> {
	const { tokenUrl, clientId, scope, timeoutMs = 5_000 } = options;
	const askedAt = Date.now();
	let status: number;
	let text: string;
	try {
		const response = await fetch(tokenUrl, {
			method: "POST",
			headers: {
				authorization: basic(clientId, options.clientSecret()),
				accept: "application/json",
				"content-type": "application/x-www-form-urlencoded",
			},
			body: new URLSearchParams({
				grant_type: "client_credentials",
				...(scope === "" ? {} : { scope }),
			}).toString(),
			// A redirect could send the secret to a server that it is not meant for.
			redirect: "error",
			signal: AbortSignal.timeout(timeoutMs),
		});
		({ status } = response);
		text = await boundedText(response);
	} catch (error) {
		throw new Error(`no token from ${tokenUrl}: ${reasonOf(error, timeoutMs)}`);
	}
	const answer = parsed(text);
	if (status >= 400 && status < 500 && status !== 408 && status !== 429)
		throw new AccessRefused(
			`${tokenUrl} refused the client ${JSON.stringify(clientId)}: ${[status, answer.error, answer.error_description].filter(isShown).join(", ").slice(0, 300)}`,
		);
	const { access_token: value, expires_in: seconds } = answer;
	if (status !== 200 || typeof value !== "string" || value === "")
		throw new Error(
			`no token from ${tokenUrl}: status ${status}${status === 200 ? " without an access_token" : ""}`,
		);
	const livesMs = Number(seconds) > 0 ? Number(seconds) * 1_000 : LIVES_MS;
	return { value, expiresAt: askedAt + livesMs };
}

/** Both are form-encoded before they are joined: RFC 6749, 2.3.1. */
const basic = (id: string, secret: string): string =>
	`Basic ${Buffer.from([id, secret].map(encodeURIComponent).join(":")).toString("base64")}`;

async function boundedText(response: Response): Promise<string> {
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	for await (const chunk of response.body ?? []) {
		bytes += chunk.length;
		if (bytes > ANSWER_BYTES_MAX) throw new Error("the answer is too long");
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString();
}

function parsed(text: string): Record<string, unknown> {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === "object" && value !== null ? { ...value } : {};
	} catch {
		return {};
	}
}

const isShown = (part: unknown): boolean =>
	typeof part === "number" || typeof part === "string";

const reasonOf = (error: unknown, timeoutMs: number): string => {
	const { name, message, cause } = error as Error & { cause?: Error };
	return name === "TimeoutError"
		? `no answer within ${timeoutMs} ms`
		: (cause?.message ?? message);
};
