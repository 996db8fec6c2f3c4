/** How every part reaches a Kafka that asks for TLS or a user: docs/kafka-security.md. What may stand beside what: ../kafka-security-rules.ts. */
import { z } from "zod";
import { text } from "../setting-types.ts";
import { setting } from "./setting.ts";

export const SASL_MECHANISMS = [
	"plain",
	"scram-sha-256",
	"scram-sha-512",
	"oauthbearer",
	"aws-msk-iam",
] as const;
export type SaslMechanism = (typeof SASL_MECHANISMS)[number];

const file = (about: string) => setting(z.string(), "", about, "file");
const secret = (about: string) => setting(z.string(), "", about, "secret");

export const KAFKA_SECURITY_SETTINGS = {
	kafkaTls: setting(
		z
			.enum(["false", "true"])
			.transform((t) => t === "true") as unknown as z.ZodType<boolean, string>,
		"false",
		"Whether the brokers are spoken to by TLS, and their certificates checked",
	),
	kafkaTlsCaFile: file(
		"PEM file of the CA that signed the brokers' certificates; empty: those that Node trusts",
	),
	kafkaTlsCertFile: file(
		"PEM file of the client's own certificate and its chain, where brokers ask for one",
	),
	kafkaTlsKeyFile: file("PEM file of that certificate's private key"),
	kafkaTlsServerName: setting(
		text(/^$|^[^\s:/]{1,253}$/, "a host name, or nothing"),
		"",
		"Name that the brokers' certificates must bear; empty: the host that is connected to",
	),
	kafkaSaslMechanism: setting(
		z.enum(["", ...SASL_MECHANISMS]) as z.ZodType<SaslMechanism | "", string>,
		"",
		`How the parts tell Kafka who they are: ${SASL_MECHANISMS.join(", ")}; empty: not by SASL`,
	),
	kafkaSaslUsername: setting(
		z.string(),
		"",
		"User, for plain and scram-sha-256/512",
	),
	kafkaSaslPassword: secret("Its password; or the file of it that follows"),
	kafkaSaslPasswordFile: file(
		"File that holds the password, such as a mounted Secret: read at each connection",
	),
	kafkaOauthTokenUrl: setting(
		text(
			/^$|^https?:\/\/[^\s/@]+(\/[^\s]*)?$/,
			"an http(s):// address without a user, or nothing",
		),
		"",
		"Where oauthbearer gets its tokens, by the client credentials grant",
	),
	kafkaOauthClientId: setting(z.string(), "", "Client id, for oauthbearer"),
	kafkaOauthClientSecret: secret("Its secret; or the file of it that follows"),
	kafkaOauthClientSecretFile: file(
		"File that holds the client's secret: read for each token",
	),
	kafkaOauthScope: setting(
		z.string(),
		"",
		"Scope that is asked for, where the token server wants one",
	),
	kafkaAwsRegion: setting(
		text(/^$|^[a-z0-9-]{4,32}$/, "a region such as eu-central-1, or nothing"),
		"",
		"Region of the MSK cluster, for aws-msk-iam",
	),
} as const;
