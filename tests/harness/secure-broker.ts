/**
 * A broker that requires authentication: by user (PLAIN, SCRAM), by token, or by certificate. One
 * listener has an expired certificate of its own.
 */
import { freePort } from "@fireworks/local-kafka";
import { startTestKafka, type TestKafka } from "@fireworks/local-kafka/testing";
import { TestCa } from "./certificates.ts";

export const USER = "fireworks";
export const PASSWORD = "pass=of-the-test";

export interface SecureBroker {
	kafka: TestKafka;
	ca: TestCa;
	/** host:port of each listener, by its kind of authentication. */
	sasl: string;
	mutualTls: string;
	expired: string;
	stop(): Promise<void>;
}

const JAAS = "org.apache.kafka.common.security";

export async function startSecureBroker(): Promise<SecureBroker> {
	const ca = new TestCa("fireworks-test-ca");
	const [sasl, mtls, expired] = await Promise.all([
		freePort(),
		freePort(),
		freePort(),
	]);
	const good = ca.certificate("localhost").keystoreFile;
	const old = ca.certificate("expired", 0).keystoreFile;
	const keystore = (listener: string, file: string) => ({
		[`listener.name.${listener}.ssl.keystore.type`]: "PEM",
		[`listener.name.${listener}.ssl.keystore.location`]: file,
		[`listener.name.${listener}.ssl.truststore.type`]: "PEM",
		[`listener.name.${listener}.ssl.truststore.location`]: ca.certFile,
	});
	const login = (mechanism: string, module: string, options = "") => ({
		[`listener.name.sasl.${mechanism}.sasl.jaas.config`]: `${JAAS}.${module} required ${options};`,
	});
	const kafka = await startTestKafka({
		listeners: [
			{ name: "SASL", port: sasl, protocol: "SASL_SSL" },
			{ name: "MTLS", port: mtls, protocol: "SSL" },
			{ name: "EXPIRED", port: expired, protocol: "SSL" },
		],
		formatArguments: ["SCRAM-SHA-256", "SCRAM-SHA-512"].flatMap((mechanism) => [
			"--add-scram",
			`${mechanism}=[name="${USER}",password="${PASSWORD}"]`,
		]),
		properties: {
			...keystore("sasl", good),
			...keystore("mtls", good),
			...keystore("expired", old),
			"listener.name.mtls.ssl.client.auth": "required",
			"listener.name.sasl.sasl.enabled.mechanisms":
				"PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER",
			...login("plain", "plain.PlainLoginModule", `user_${USER}="${PASSWORD}"`),
			...login("scram-sha-256", "scram.ScramLoginModule"),
			...login("scram-sha-512", "scram.ScramLoginModule"),
			...login("oauthbearer", "oauthbearer.OAuthBearerLoginModule"),
			// Sessions end with their tokens, as with cloud providers' brokers.
			"listener.name.sasl.oauthbearer.connections.max.reauth.ms": "3600000",
		},
	});
	return {
		kafka,
		ca,
		sasl: `localhost:${sasl}`,
		mutualTls: `localhost:${mtls}`,
		expired: `localhost:${expired}`,
		stop: async () => {
			await kafka.stop();
			ca.remove();
		},
	};
}
