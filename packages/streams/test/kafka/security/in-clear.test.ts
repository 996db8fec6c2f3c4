/** Tests the warnings about secrets that would be sent unencrypted. */
import { KAFKA_SETTINGS, parseSettings } from "@fireworks/contracts";
import { expect, test } from "vitest";
import { inClear } from "../../../src/kafka/security/security.ts";

const user = {
	FIREWORKS_KAFKA_SASL_USERNAME: "u",
	FIREWORKS_KAFKA_SASL_PASSWORD: "p",
};
const warnings = (broker: string, env: Record<string, string>) =>
	inClear([broker], parseSettings(env, KAFKA_SETTINGS));

test("a password without TLS, unless the broker is on this machine", () => {
	const plain = { ...user, FIREWORKS_KAFKA_SASL_MECHANISM: "plain" };
	expect(warnings("kafka:9092", plain)).toEqual([
		"the password goes to kafka:9092 in clear: set FIREWORKS_KAFKA_TLS=true",
	]);
	expect(warnings("127.0.0.1:9092", plain)).toEqual([]);
	expect(warnings("localhost:9092", plain)).toEqual([]);
	expect(
		warnings("kafka:9092", { ...plain, FIREWORKS_KAFKA_TLS: "true" }),
	).toEqual([]);
	expect(
		warnings("kafka:9092", {
			...user,
			FIREWORKS_KAFKA_SASL_MECHANISM: "scram-sha-256",
		}),
	).toEqual([]);
});

test("a token, and the client's secret", () => {
	const oauth = {
		FIREWORKS_KAFKA_SASL_MECHANISM: "oauthbearer",
		FIREWORKS_KAFKA_OAUTH_TOKEN_URL: "http://idp/token",
		FIREWORKS_KAFKA_OAUTH_CLIENT_ID: "c",
		FIREWORKS_KAFKA_OAUTH_CLIENT_SECRET: "s",
	};
	expect(warnings("kafka:9092", oauth)).toHaveLength(2);
	expect(
		warnings("kafka:9092", {
			...oauth,
			FIREWORKS_KAFKA_TLS: "true",
			FIREWORKS_KAFKA_OAUTH_TOKEN_URL: "https://idp/token",
		}),
	).toEqual([]);
});
