/**
 * What every engine must do on a broker with authentication: the whole path works with TLS and
 * SCRAM, and a rejection is reported with its reason and without secrets.
 */
import { EXIT, KAFKA_SETTINGS, parseSettings } from "@fireworks/contracts";
import { type Log, openLog } from "@fireworks/streams";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { auditStream } from "../harness/audit-topics.ts";
import {
	PASSWORD,
	type SecureBroker,
	startSecureBroker,
	USER,
} from "../harness/secure-broker.ts";
import { startService, stopAllServices } from "../harness/service.ts";
import { newStream, readTopic } from "../harness/stream.ts";
import { inTime } from "../harness/wait-for.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** startMaxMs: time from the start until it works. */
export function securedEngine(engine: string, startMaxMs: number): void {
	let broker: SecureBroker;
	let log: Log | undefined;
	beforeAll(async () => {
		broker = await startSecureBroker();
	});
	afterEach(async () => {
		await stopAllServices();
		await log?.close();
		log = undefined;
	});
	afterAll(() => broker?.stop());

	const user = (password: string) => ({
		FIREWORKS_KAFKA_TLS: "true",
		FIREWORKS_KAFKA_TLS_CA_FILE: broker.ca.certFile,
		FIREWORKS_KAFKA_SASL_MECHANISM: "scram-sha-512",
		FIREWORKS_KAFKA_SASL_USERNAME: USER,
		FIREWORKS_KAFKA_SASL_PASSWORD_FILE: broker.ca.file("password", password),
	});

	test("the whole path by SCRAM over TLS, the password in a file: the audit is clean", async () => {
		const { environment, settings } = newStream([broker.sasl], {
			...user(PASSWORD),
			FIREWORKS_ENGINE: engine,
		});
		const metronome = await startService("metronome", environment);
		const processor = await startService("processor", environment);
		await processor.ready(startMaxMs);
		const security = parseSettings(
			{ FIREWORKS_BROKERS: broker.sasl, ...user(PASSWORD) },
			KAFKA_SETTINGS,
		);
		log = openLog({
			brokers: security.brokers,
			security,
			clientId: "fireworks-test",
			logger: silent,
		});
		await readTopic(log, settings.topicWiener, (r) => r.length >= 40);
		expect(await metronome.stop()).toBe(EXIT.ok);
		const audit = await auditStream(log, settings);
		expect(audit.findings).toEqual([]);
		for (const { log: lines, otherLines } of [metronome, processor])
			expect(JSON.stringify([lines, otherLines])).not.toContain(PASSWORD);
		expect((await processor.get("/metrics")).text).not.toContain(PASSWORD);
	});

	test("a wrong password ends it: exit 78, with who was refused where in its log, and no password", async () => {
		const { environment } = newStream([broker.sasl], {
			...user("another-password"),
			FIREWORKS_ENGINE: engine,
		});
		const processor = await startService("processor", environment);
		const { code } = await inTime("its end", processor.exit, startMaxMs);
		expect(code).toBe(EXIT.config);
		const last = processor.log.at(-1);
		expect(last).toMatchObject({ level: "fatal" });
		for (const text of [broker.sasl, `"${USER}"`, "SCRAM-SHA-512"])
			expect(last?.msg).toContain(text);
		expect(JSON.stringify([processor.log, processor.otherLines])).not.toContain(
			"another-password",
		);
	});
}
