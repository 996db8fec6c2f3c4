/**
 * A broker for all tests of a file, and a log on it. After each test, the services that it started
 * are stopped.
 */
import { startTestKafka, type TestKafka } from "@fireworks/local-kafka/testing";
import type { Log } from "@fireworks/streams";
import { afterAll, afterEach, beforeAll } from "vitest";
import { stopAllServices } from "./service.ts";
import { testLog } from "./stream.ts";

/** Call it at the top of a test file. The returned object is filled before the first test. */
export function withBroker(): { kafka: TestKafka; log: Log } {
	const broker = {} as { kafka: TestKafka; log: Log };
	beforeAll(async () => {
		broker.kafka = await startTestKafka();
		broker.log = testLog(broker.kafka.brokers);
	});
	afterEach(stopAllServices);
	afterAll(async () => {
		await broker.log?.close();
		await broker.kafka?.stop();
	});
	return broker;
}
