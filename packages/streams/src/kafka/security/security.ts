/**
 * Builds the security configuration for kafkajs from our settings. It is the only place that does.
 */
import { SettingsError } from "@fireworks/contracts";
import { secretOf } from "@fireworks/service-kit";
import type { KafkaConfig } from "kafkajs";
import type { StreamsLogger } from "../logger.ts";
import type { Access } from "./access-refused.ts";
import { clientCredentialsToken } from "./client-credentials.ts";
import { mskToken } from "./msk-token.ts";
import { oauthBearer } from "./oauth-bearer.ts";
import { type SecuritySettings, secretProblems } from "./settings.ts";
import { socketFactory, tlsProblems } from "./tls.ts";
import { TokenCache } from "./token-cache.ts";

export interface Security {
	config: Pick<KafkaConfig, "ssl" | "sasl" | "socketFactory">;
	access: Access;
}

/**
 * Throws SettingsError with everything that is wrong with the files named in the settings. Warns if
 * a secret would be sent unencrypted.
 */
export function securityOf(
	brokers: readonly string[],
	settings: SecuritySettings | undefined,
	logger: StreamsLogger,
): Security {
	const access: Access = {
		brokers,
		tls: settings?.kafkaTls ?? false,
		identity: settings && identityOf(settings),
	};
	if (settings === undefined) return { config: {}, access };
	const problems = [...tlsProblems(settings), ...secretProblems(settings)];
	if (problems.length > 0) throw new SettingsError(problems);
	for (const warning of inClear(brokers, settings)) logger.warn({}, warning);
	const sasl = saslOf(settings, access.identity ?? "");
	return {
		config: {
			ssl: settings.kafkaTls,
			socketFactory: socketFactory(settings),
			...(sasl === undefined ? {} : { sasl }),
		},
		access,
	};
}

function saslOf(
	settings: SecuritySettings,
	identity: string,
): KafkaConfig["sasl"] {
	const { kafkaSaslMechanism: mechanism } = settings;
	switch (mechanism) {
		case "":
			return undefined;
		case "oauthbearer":
			return oauthBearer(
				new TokenCache(() =>
					clientCredentialsToken({
						tokenUrl: settings.kafkaOauthTokenUrl,
						clientId: settings.kafkaOauthClientId,
						clientSecret: () => secretOf(settings, "kafkaOauthClientSecret"),
						scope: settings.kafkaOauthScope,
					}),
				),
				identity,
			);
		case "aws-msk-iam":
			return oauthBearer(
				new TokenCache(() => mskToken(settings.kafkaAwsRegion)),
				identity,
			);
		default:
			return {
				mechanism: mechanism as "plain",
				username: settings.kafkaSaslUsername,
				// kafkajs reads it at each authentication.
				get password() {
					return secretOf(settings, "kafkaSaslPassword");
				},
			};
	}
}

function identityOf(settings: SecuritySettings): string | undefined {
	const { kafkaSaslMechanism: mechanism } = settings;
	switch (mechanism) {
		case "":
			return undefined;
		case "oauthbearer":
			return `the client ${JSON.stringify(settings.kafkaOauthClientId)} (SASL OAUTHBEARER)`;
		case "aws-msk-iam":
			return "this pod's AWS identity (SASL aws-msk-iam)";
		default:
			return `the user ${JSON.stringify(settings.kafkaSaslUsername)} (SASL ${mechanism.toUpperCase()})`;
	}
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[?::1\]?)$/;

/**
 * Warnings about secrets that would be sent unencrypted. scram sends neither password nor token.
 */
export function inClear(
	brokers: readonly string[],
	settings: SecuritySettings,
): string[] {
	const { kafkaSaslMechanism: mechanism, kafkaOauthTokenUrl: url } = settings;
	const warnings: string[] = [];
	const far = brokers.filter(
		(broker) => !LOOPBACK.test(broker.replace(/:\d+$/, "")),
	);
	if (
		!settings.kafkaTls &&
		(mechanism === "plain" || mechanism === "oauthbearer") &&
		far.length > 0
	)
		warnings.push(
			`${mechanism === "plain" ? "the password" : "the token"} goes to ${far.join(",")} in clear: set FIREWORKS_KAFKA_TLS=true`,
		);
	if (
		mechanism === "oauthbearer" &&
		url.startsWith("http:") &&
		!LOOPBACK.test(new URL(url).hostname)
	)
		warnings.push(`the client's secret goes to ${url} in clear: use https`);
	return warnings;
}
