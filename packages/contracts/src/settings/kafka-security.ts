/**
 * Settings of a Kafka that requires TLS or authentication: docs/operate/kafka-security.md.
 * ../kafka-security-rules.ts says which of them can be combined.
 */
import { z } from "zod";
import { text } from "../setting-types.ts";
import { anyText, choice, file, secret, setting } from "./setting.ts";

const SASL_MECHANISMS = [
	"plain",
	"scram-sha-256",
	"scram-sha-512",
	"oauthbearer",
	"aws-msk-iam",
] as const;
export type SaslMechanism = (typeof SASL_MECHANISMS)[number];

const tier = "security";
const setBy = (value: string) =>
	({
		tier,
		chart: { setBy: `kafka.external.${value}` },
	}) as const;

export const KAFKA_SECURITY_SETTINGS = {
	kafkaTls: setting({
		schema: z
			.enum(["false", "true"])
			.transform((t) => t === "true") as unknown as z.ZodType<boolean, string>,
		default: false,
		...setBy("tls.enabled"),
		about:
			"Whether to connect to the brokers with TLS and check their certificates",
	}),
	kafkaTlsCaFile: file({
		...setBy("tls.caSecret"),
		about:
			"PEM file of the CA that signed the brokers' certificates. Empty: the CAs that Node trusts",
	}),
	kafkaTlsCertFile: file({
		...setBy("tls.clientSecret"),
		about:
			"PEM file of the client's own certificate and its chain, if the brokers require one",
	}),
	kafkaTlsKeyFile: file({
		...setBy("tls.clientSecret"),
		about: "PEM file of that certificate's private key",
	}),
	kafkaTlsServerName: setting({
		schema: text(/^$|^[^\s:/]{1,253}$/, "a host name, or nothing"),
		default: "",
		...setBy("tls.serverName"),
		// Brokers usually have certificates for the names that they announce.
		tier: "tuning",
		about:
			"Name that the brokers' certificates must have. Empty: the host that is connected to",
	}),
	kafkaSaslMechanism: setting({
		schema: choice(["", ...SASL_MECHANISMS]),
		default: "",
		...setBy("sasl.mechanism"),
		about: `How the parts authenticate to Kafka: ${SASL_MECHANISMS.join(", ")}. Empty: not by SASL`,
	}),
	kafkaSaslUsername: anyText({
		...setBy("sasl.username"),
		about: "User name, for plain and scram-sha-256/512",
	}),
	kafkaSaslPassword: secret({ ...setBy("sasl"), about: "The user's password" }),
	kafkaSaslPasswordFile: file({
		...setBy("sasl"),
		about: "File that holds the password. It is read at each connection",
	}),
	kafkaOauthTokenUrl: setting({
		schema: text(
			/^$|^https?:\/\/[^\s/@]+(\/[^\s]*)?$/,
			"an http(s):// address without a user, or nothing",
		),
		default: "",
		...setBy("sasl.oauth"),
		about:
			"Address that issues tokens for oauthbearer, with the client credentials grant",
	}),
	kafkaOauthClientId: anyText({
		...setBy("sasl.oauth"),
		about: "Client id, for oauthbearer",
	}),
	kafkaOauthClientSecret: secret({
		...setBy("sasl"),
		about: "The client's secret, for oauthbearer",
	}),
	kafkaOauthClientSecretFile: file({
		...setBy("sasl"),
		about: "File that holds the client's secret. It is read for each token",
	}),
	kafkaOauthScope: anyText({
		...setBy("sasl.oauth"),
		about: "Scope to request, if the token server requires one",
	}),
	kafkaAwsRegion: setting({
		schema: text(
			/^$|^[a-z0-9-]{4,32}$/,
			"a region such as eu-central-1, or nothing",
		),
		default: "",
		...setBy("sasl.awsRegion"),
		about: "Region of the MSK cluster, for aws-msk-iam",
	}),
} as const;
