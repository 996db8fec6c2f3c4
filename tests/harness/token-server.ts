/**
 * A token server for tests: it implements the client credentials grant, with the unsigned tokens
 * that Kafka's development validator accepts.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface TokenServer {
	url: string;
	/** Number of requests so far. */
	readonly asked: number;
	/** Lifetime of the tokens in seconds; below 0 they have already expired. */
	lifeSeconds: number;
	/** Its answer states a longer lifetime than the tokens have. */
	lies: boolean;
	/** Never answers a request. */
	silent: boolean;
	close(): Promise<void>;
}

export async function startTokenServer(
	clientId: string,
	secret: string,
): Promise<TokenServer> {
	const expected = `Basic ${Buffer.from(`${clientId}:${secret}`).toString("base64")}`;
	let asked = 0;
	const http = createServer((request, response) => {
		asked++;
		if (server.silent) return;
		const answer = (status: number, body: object) =>
			response
				.writeHead(status, { "content-type": "application/json" })
				.end(JSON.stringify(body));
		request.resume();
		if (request.headers.authorization !== expected) {
			answer(401, {
				error: "invalid_client",
				error_description: "no such client",
			});
			return;
		}
		const seconds = Date.now() / 1_000;
		answer(200, {
			access_token: unsigned({
				sub: clientId,
				iat: seconds - 100,
				exp: seconds + server.lifeSeconds,
			}),
			token_type: "Bearer",
			expires_in: server.lies ? 3_600 : server.lifeSeconds,
		});
	});
	const server: TokenServer = {
		url: "",
		get asked() {
			return asked;
		},
		lifeSeconds: 300,
		lies: false,
		silent: false,
		close: () =>
			new Promise((resolve) => {
				http.close(() => resolve());
				http.closeAllConnections();
			}),
	};
	await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
	server.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/token`;
	return server;
}

const base64 = (value: object) =>
	Buffer.from(JSON.stringify(value)).toString("base64url");
const unsigned = (claims: object): string =>
	`${base64({ alg: "none" })}.${base64(claims)}.`;
