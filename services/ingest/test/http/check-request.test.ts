import { expect, test } from "vitest";
import { checkRequest } from "../../src/http/check-request.ts";
import { RequestRefused } from "../../src/http/request-refused.ts";

const good = {
	url: "/streams/weather-readings?x=1",
	method: "POST",
	headers: { "content-type": "application/json; charset=utf-8" },
};
type Request = Parameters<typeof checkRequest>[0];

const codeOf = (request: Request, token = ""): string => {
	try {
		checkRequest(request, token);
		return "passes";
	} catch (error) {
		if (error instanceof RequestRefused) return `${error.status} ${error.code}`;
		throw error;
	}
};

test("a request that passes", () => {
	expect(
		checkRequest(
			{ ...good, headers: { ...good.headers, "idempotency-key": "k-1" } },
			"",
		),
	).toEqual({
		stream: "weather-readings",
		format: "json",
		idempotencyKey: "k-1",
	});
});

test.each<[string, Partial<Request>]>([
	["405 method-not-allowed", { method: "PUT" }],
	["404 bad-path", { url: "/streams/" }],
	["404 bad-path", { url: "/streams/a/b" }],
	["404 bad-path", { url: "/streams/%2F" }],
	["404 bad-path", { url: "/streams/%zz" }],
	["415 bad-content-type", { headers: {} }],
	["415 bad-content-type", { headers: { "content-type": "text/csv" } }],
	[
		"415 bad-content-type",
		{ headers: { ...good.headers, "content-encoding": "gzip" } },
	],
	[
		"400 bad-idempotency-key",
		{ headers: { ...good.headers, "idempotency-key": "" } },
	],
	[
		"400 bad-idempotency-key",
		{ headers: { ...good.headers, "idempotency-key": "x".repeat(256) } },
	],
	[
		"403 page-not-allowed",
		{ headers: { ...good.headers, origin: "https://example.org" } },
	],
])("%s: %j", (expected, part) => {
	expect(codeOf({ ...good, ...part })).toBe(expected);
});

test("with a token, only the token counts", () => {
	const withToken = (authorization: string, more = {}) =>
		codeOf(
			{ ...good, headers: { ...good.headers, authorization, ...more } },
			"secret",
		);
	expect(codeOf(good, "secret")).toBe("401 unauthorized");
	expect(withToken("Bearer other")).toBe("401 unauthorized");
	expect(withToken("secret")).toBe("401 unauthorized");
	expect(withToken("Bearer secret")).toBe("passes");
	expect(withToken("Bearer secret", { origin: "https://a.example" })).toBe(
		"passes",
	);
});
