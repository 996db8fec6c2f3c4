/**
 * A real broker accepts or rejects our credentials: TLS, PLAIN, SCRAM, OAUTHBEARER and client
 * certificates, by settings alone.
 */
import { readFileSync } from "node:fs";
import {
	EXIT,
	KAFKA_SETTINGS,
	parseSettings,
	SettingsError,
} from "@fireworks/contracts";
import { freePort } from "@fireworks/local-kafka";
import { type Log, openLog, StreamsError } from "@fireworks/streams";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { auditStream } from "../harness/audit-topics.ts";
import { TestCa } from "../harness/certificates.ts";
import {
	PASSWORD,
	type SecureBroker,
	startSecureBroker,
	USER,
} from "../harness/secure-broker.ts";
import { startService, stopAllServices } from "../harness/service.ts";
import { newStream, readTopic } from "../harness/stream.ts";
import { startTokenServer, type TokenServer } from "../harness/token-server.ts";

const CLIENT_SECRET = "secret-of-the-client";

let broker: SecureBroker;
let tokens: TokenServer;
const logs: Log[] = [];
const warnings: object[] = [];

beforeAll(async () => {
	broker = await startSecureBroker();
	tokens = await startTokenServer("fireworks-client", CLIENT_SECRET);
});
afterEach(async () => {
	await stopAllServices();
	await Promise.all(logs.splice(0).map((log) => log.close()));
	// No message of the test may contain a secret.
	const said = JSON.stringify(warnings.splice(0));
	expect(said).not.toContain(PASSWORD);
	expect(said).not.toContain(CLIENT_SECRET);
});
afterAll(async () => {
	await tokens?.close();
	await broker?.stop();
});

const tls = () => ({
	FIREWORKS_KAFKA_TLS: "true",
	FIREWORKS_KAFKA_TLS_CA_FILE: broker.ca.certFile,
});
const user = (mechanism: string, password = PASSWORD) => ({
	...tls(),
	FIREWORKS_KAFKA_SASL_MECHANISM: mechanism,
	FIREWORKS_KAFKA_SASL_USERNAME: USER,
	FIREWORKS_KAFKA_SASL_PASSWORD: password,
});
const client = (secret = CLIENT_SECRET) => ({
	...tls(),
	FIREWORKS_KAFKA_SASL_MECHANISM: "oauthbearer",
	FIREWORKS_KAFKA_OAUTH_TOKEN_URL: tokens.url,
	FIREWORKS_KAFKA_OAUTH_CLIENT_ID: "fireworks-client",
	FIREWORKS_KAFKA_OAUTH_CLIENT_SECRET: secret,
});

function open(address: string, environment: Record<string, string>): Log {
	const security = parseSettings(
		{ FIREWORKS_BROKERS: address, ...environment },
		KAFKA_SETTINGS,
	);
	const note = (fields: object, message: string) =>
		void warnings.push({ ...fields, message });
	const log = openLog({
		brokers: security.brokers,
		security,
		clientId: "fireworks-test",
		logger: { debug: note, info: note, warn: note, error: note },
	});
	logs.push(log);
	return log;
}

const pem = (path: string): string => readFileSync(path, "utf8");

/** The log's message when the broker rejects the credentials. */
const refusal = async (log: Log): Promise<string> => {
	const error = await log.offsets("x").then(
		() => undefined,
		(e: unknown) => e,
	);
	expect(error).toBeInstanceOf(StreamsError);
	expect(error).toMatchObject({ code: "access-refused", fatal: true });
	return (error as StreamsError).message;
};

test.each(["plain", "scram-sha-256", "scram-sha-512"])(
	"a user by %s",
	async (mechanism) => {
		const log = open(broker.sasl, user(mechanism));
		expect(await log.offsets("absent")).toBeUndefined();
	},
);

test.each(["plain", "scram-sha-256", "scram-sha-512"])(
	"a wrong password by %s: reported with user, mechanism and broker, without the password",
	async (mechanism) => {
		const log = open(broker.sasl, user(mechanism, "another-password"));
		const message = await refusal(log);
		expect(message).toContain(
			`Kafka at ${broker.sasl} refused the user "fireworks" (SASL ${mechanism.toUpperCase()})`,
		);
		expect(message + JSON.stringify(warnings)).not.toContain(
			"another-password",
		);
	},
);

test("a client by a token, fetched once for many connections", async () => {
	const before = tokens.asked;
	const [a, b] = [open(broker.sasl, client()), open(broker.sasl, client())];
	expect(await a.offsets("absent")).toBeUndefined();
	await a
		.append("absent", {
			partition: 0,
			key: null,
			value: "x",
			timestamp: 0,
		})
		.catch(() => {});
	expect(tokens.asked).toBe(before + 1);
	expect(await b.offsets("absent")).toBeUndefined();
	expect(tokens.asked).toBe(before + 2);
});

test("a wrong client secret: refused by the token server", async () => {
	const message = await refusal(open(broker.sasl, client("another-secret")));
	expect(message).toBe(
		`${tokens.url} refused the client "fireworks-client": 401, invalid_client, no such client`,
	);
});

test("a token that the broker rejects", async () => {
	Object.assign(tokens, { lifeSeconds: -60, lies: true });
	try {
		const message = await refusal(open(broker.sasl, client()));
		expect(message).toContain(
			`Kafka at ${broker.sasl} refused the client "fireworks-client" (SASL OAUTHBEARER)`,
		);
	} finally {
		Object.assign(tokens, { lifeSeconds: 300, lies: false });
	}
});

test("a client by its certificate; without one it is rejected", async () => {
	const { certFile, keyFile } = broker.ca.certificate("client");
	const log = open(broker.mutualTls, {
		...tls(),
		FIREWORKS_KAFKA_TLS_CERT_FILE: certFile,
		FIREWORKS_KAFKA_TLS_KEY_FILE: keyFile,
	});
	expect(await log.offsets("absent")).toBeUndefined();
	expect(await refusal(open(broker.mutualTls, tls()))).toMatch(
		/^the TLS connection to Kafka at localhost:\d+ failed: it does not take the client's certificate, or wants one/,
	);
});

test("an invalid broker certificate: another name, or expired", async () => {
	const wrongName = {
		...tls(),
		FIREWORKS_KAFKA_TLS_SERVER_NAME: "kafka.example.org",
	};
	const reasons = await Promise.all([
		refusal(open(broker.sasl, wrongName)),
		refusal(open(broker.expired, tls())),
	]);
	expect(reasons[0]).toContain("ERR_TLS_CERT_ALTNAME_INVALID");
	expect(reasons[1]).toContain("CERT_HAS_EXPIRED");
});

test("a CA and a password that are renewed on disk are used from the next connection on", async () => {
	const other = new TestCa("another-ca");
	const caFile = broker.ca.file("mounted.pem", pem(other.certFile));
	other.remove();
	const passwordFile = broker.ca.file("password", "old\n");
	const { FIREWORKS_KAFKA_SASL_PASSWORD: _, ...rest } = user("scram-sha-512");
	const log = open(broker.sasl, {
		...rest,
		FIREWORKS_KAFKA_TLS_CA_FILE: caFile,
		FIREWORKS_KAFKA_SASL_PASSWORD_FILE: passwordFile,
	});
	expect(await refusal(log)).toMatch(
		/UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER|SELF_SIGNED/,
	);
	broker.ca.file("mounted.pem", pem(broker.ca.certFile));
	expect(await refusal(log)).toContain('refused the user "fireworks"');
	broker.ca.file("password", `${PASSWORD}\n`);
	expect(await log.offsets("absent")).toBeUndefined();
});

test("files that are not certificates are reported before anything connects", () => {
	const a = broker.ca.certificate("a");
	const b = broker.ca.certificate("b");
	expect(() =>
		open(broker.mutualTls, {
			...tls(),
			FIREWORKS_KAFKA_TLS_CERT_FILE: a.certFile,
			FIREWORKS_KAFKA_TLS_KEY_FILE: b.keyFile,
		}),
	).toThrow(/FIREWORKS_KAFKA_TLS_KEY_FILE=.*key values mismatch/);
	expect(() =>
		open(broker.mutualTls, {
			...tls(),
			FIREWORKS_KAFKA_TLS_CA_FILE: broker.ca.file("empty.pem", "nothing"),
		}),
	).toThrow(SettingsError);
});

test("the whole path by SCRAM over TLS, the password in a file: the audit is clean", async () => {
	const { FIREWORKS_KAFKA_SASL_PASSWORD: _, ...rest } = user("scram-sha-512");
	const stream = newStream([broker.sasl], {
		...rest,
		FIREWORKS_KAFKA_SASL_PASSWORD_FILE: broker.ca.file("p", PASSWORD),
		FIREWORKS_METRONOME_INTERVAL_MS: "20",
	});
	const { environment, settings } = stream;
	const metronome = await startService("metronome", environment);
	const processor = await startService("processor", environment);
	const middleware = await startService("middleware", environment);
	const log = open(broker.sasl, user("scram-sha-512"));
	await processor.ready();
	await middleware.ready();
	await readTopic(log, settings.topicWiener, (r) => r.length >= 200);
	const services = [metronome, processor, middleware];
	expect(await metronome.stop()).toBe(EXIT.ok);
	const audit = await auditStream(log, settings);
	expect(audit.findings).toEqual([]);
	for (const { log: lines, otherLines } of services)
		expect(JSON.stringify([lines, otherLines])).not.toContain(PASSWORD);
	expect((await processor.get("/metrics")).text).not.toContain(PASSWORD);
});

test.each(["metronome", "processor", "middleware"] as const)(
	"a wrong password ends the %s: exit 78, with the reason in its log",
	async (name) => {
		const { environment } = newStream(
			[broker.sasl],
			user("scram-sha-256", "another-password"),
		);
		const service = await startService(name, environment);
		expect((await service.exit).code).toBe(EXIT.config);
		expect(service.log.at(-1)).toMatchObject({
			level: "fatal",
			msg: expect.stringContaining(
				`Kafka at ${broker.sasl} refused the user "fireworks" (SASL SCRAM-SHA-256)`,
			),
		});
		expect(JSON.stringify(service.log)).not.toContain("another-password");
	},
);

test("an incomplete configuration is reported with all problems, and without secrets", async () => {
	const service = await startService("metronome", {
		FIREWORKS_KAFKA_SASL_USERNAME: "fireworks",
		FIREWORKS_KAFKA_SASL_PASSWORD: "a-password",
		FIREWORKS_KAFKA_SASL_PASSWROD: "a-password",
		FIREWORKS_KAFKA_TLS_CA_FILE: "/nowhere/ca.pem",
	});
	expect((await service.exit).code).toBe(EXIT.config);
	const reported = service.log.filter((line) => line.msg === "wrong setting");
	expect(reported.map((line) => line.setting)).toEqual([
		"FIREWORKS_KAFKA_TLS_CA_FILE",
		"FIREWORKS_KAFKA_TLS_CA_FILE",
		"FIREWORKS_KAFKA_SASL_USERNAME",
		"FIREWORKS_KAFKA_SASL_PASSWORD",
		"FIREWORKS_KAFKA_SASL_PASSWROD",
	]);
	expect(JSON.stringify(service.log)).not.toContain("a-password");
});

test.each(["metronome", "processor", "middleware"] as const)(
	"a %s whose broker is away ends in order when it is asked to",
	async (name) => {
		const { environment } = newStream([`127.0.0.1:${await freePort()}`]);
		const service = await startService(name, environment);
		await expect
			.poll(() => service.log.length, { timeout: 10_000 })
			.toBeGreaterThan(1);
		expect(await service.stop()).toBe(EXIT.ok);
		expect(service.log.at(-1)?.msg).toBe("stopped in order");
	},
);
