import { expect, test } from "vitest";
import { pageOf } from "../../../src/local/supervise.ts";
import { relayVariables } from "../../../src/local/supervisor/relay-variables.ts";
import { parseAll } from "../../../src/settings.ts";

const variables = (env: Record<string, string>) =>
	relayVariables(parseAll(env), env);

test.each([
	["127.0.0.1", "ws://127.0.0.1:8080/ws"],
	["0.0.0.0", "ws://127.0.0.1:8080/ws"],
	["::", "ws://[::1]:8080/ws"],
	["2001:db8::1", "ws://[2001:db8::1]:8080/ws"],
])("a middleware on %s is reached at %s", (host, url) => {
	expect(variables({ FIREWORKS_HOST: host })).toMatchObject({
		FIREWORKS_DASHBOARD_MIDDLEWARE_URL: url,
	});
});

test("each start has a secret of its own, which cannot be guessed", () => {
	const secrets = [variables({}), variables({})].map(
		({ FIREWORKS_RELAY_SECRET }) => FIREWORKS_RELAY_SECRET,
	);
	expect(secrets[0]).toMatch(/^[\w-]{43}$/);
	expect(secrets[0]).not.toBe(secrets[1]);
});

test("what a person has set stays", () => {
	const env = {
		FIREWORKS_DASHBOARD_MIDDLEWARE_URL: "wss://elsewhere.example/ws",
		FIREWORKS_RELAY_SECRET: "mine",
	};
	expect(variables(env)).toEqual({});
	expect(variables({ FIREWORKS_RELAY_SECRET_FILE: "/run/secret" })).toEqual({
		FIREWORKS_DASHBOARD_MIDDLEWARE_URL: "ws://127.0.0.1:8080/ws",
	});
});

test.each([
	["127.0.0.1", "http://localhost:3000"],
	["::", "http://localhost:3000"],
	["192.0.2.7", "http://192.0.2.7:3000"],
	["2001:db8::1", "http://[2001:db8::1]:3000"],
])("with the parts on %s the page's printed address is %s", (host, address) => {
	expect(pageOf({ host, dashboardPort: 3000 })).toBe(address);
});
