/** Tests the client credentials grant against a real HTTP server. */
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { AccessRefused } from "../../../src/kafka/security/access-refused.ts";
import { clientCredentialsToken } from "../../../src/kafka/security/client-credentials.ts";

const ends: (() => void)[] = [];
afterEach(() => {
	for (const end of ends.splice(0)) end();
});

async function ask(answer: RequestListener, timeoutMs = 5_000) {
	const server = createServer(answer);
	await new Promise<void>((r) => server.listen(0, "127.0.0.1", r));
	ends.push(() => {
		server.close();
		server.closeAllConnections();
	});
	return clientCredentialsToken({
		tokenUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/t`,
		clientId: "client:1",
		clientSecret: () => "se cret",
		scope: "kafka",
		timeoutMs,
	});
}
const json =
	(status: number, body: object): RequestListener =>
	(_, response) =>
		void response.writeHead(status).end(JSON.stringify(body));

test("what is asked, and what comes of it", async () => {
	let seen = "";
	const token = await ask((request, response) => {
		const { method, headers } = request;
		request.on("data", (chunk) => {
			seen = `${method} ${headers.authorization} ${chunk}`;
			json(200, { access_token: "abc", expires_in: 60 })(request, response);
		});
	});
	expect(seen).toBe(
		`POST Basic ${Buffer.from("client%3A1:se%20cret").toString("base64")} grant_type=client_credentials&scope=kafka`,
	);
	expect(token.value).toBe("abc");
	expect(token.expiresAt - Date.now()).toBeLessThanOrEqual(60_000);
	expect(token.expiresAt - Date.now()).toBeGreaterThan(0);
});

test("a refusal is final, failure of the server is not", async () => {
	await expect(ask(json(401, { error: "invalid_client" }))).rejects.toThrow(
		AccessRefused,
	);
	await expect(ask(json(503, {}))).rejects.toThrow(
		/^no token from .*: status 503$/,
	);
	await expect(ask(json(503, {}))).rejects.not.toThrow(AccessRefused);
	await expect(ask(json(429, {}))).rejects.not.toThrow(AccessRefused);
});

test("bounded: in time, in bytes, and to the address it was given", async () => {
	await expect(ask(() => {}, 50)).rejects.toThrow("no answer within 50 ms");
	await expect(
		ask((_, response) => void response.end("x".repeat(300_000))),
	).rejects.toThrow("the answer is too long");
	await expect(
		ask((_, response) =>
			response.writeHead(307, { location: "http://127.0.0.1:1/" }).end(),
		),
	).rejects.toThrow("no token from");
	await expect(ask(json(200, {}))).rejects.toThrow("without an access_token");
});
