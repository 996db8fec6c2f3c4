/**
 * A topic is deleted and created again under its name while the middleware reads it, on a real
 * broker.
 */
import { randomUUID } from "node:crypto";
import kafkajs, { type Admin, Kafka } from "kafkajs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Service, startService } from "../harness/service.ts";
import { newStream } from "../harness/stream.ts";
import { waitFor } from "../harness/wait-for.ts";
import { TestClient } from "../harness/websocket-client.ts";
import { withBroker } from "../harness/with-broker.ts";

const OLD_RECORDS = 200;
const NEW_RECORDS = 1_000;
const START = Date.parse("2026-01-01T00:00:00Z");
const LATER_MS = 100_000;
const RESTARTS = "fireworks_middleware_stream_restarts_total";

const broker = withBroker();
let admin: Admin;
beforeAll(async () => {
	admin = new Kafka({
		brokers: broker.kafka.brokers,
		logLevel: kafkajs.logLevel.NOTHING,
	}).admin();
	await admin.connect();
});
afterAll(async () => admin?.disconnect());

async function make(topic: string): Promise<void> {
	// The name is free only when the broker has finished the deletion.
	await waitFor("the topic", async () => {
		await admin.createTopics({
			waitForLeaders: false,
			topics: [
				{
					topic,
					numPartitions: 1,
					configEntries: [{ name: "retention.ms", value: "-1" }],
				},
			],
		});
		return true;
	});
	await waitFor("its leader", async () => {
		await admin.fetchTopicOffsets(topic);
		return true;
	});
}

/** Half a second apart. The value of record i is firstValue + i. */
async function write(
	topic: string,
	count: number,
	fromMs: number,
	firstValue: number,
) {
	for (let i = 0; i < count; i++) {
		const t = fromMs + i * 500;
		await broker.log.append(topic, {
			partition: 0,
			key: "a",
			value: JSON.stringify({ id: "a", t, v: firstValue + i }),
			timestamp: t,
		});
	}
}

const values = (client: TestClient): number[] =>
	client.events.map(({ value }) => value);
/** Unlike any old value: the first old values and the rest of the new ones look whole otherwise. */
const NEW_FIRST_VALUE = 10_000;
const NEW_VALUES = Array.from(
	{ length: NEW_RECORDS },
	(_, i) => NEW_FIRST_VALUE + i,
);

async function readingOldTopic(): Promise<{
	topic: string;
	middleware: Service;
	client: TestClient;
}> {
	const topic = `readings-${randomUUID().slice(0, 8)}`;
	await make(topic);
	await write(topic, OLD_RECORDS, START, 0);
	const { environment } = newStream(broker.kafka.brokers, {
		FIREWORKS_MIDDLEWARE_TOPIC: topic,
		FIREWORKS_MIDDLEWARE_KEY_PATH: "id",
		FIREWORKS_MIDDLEWARE_TIME_PATH: "t",
		FIREWORKS_MIDDLEWARE_SEQUENCE_PATH: "@offset",
		FIREWORKS_MIDDLEWARE_NUMBER_PATHS: "value=v",
	});
	const middleware = await startService("middleware", environment);
	await middleware.ready();
	const client = await TestClient.connect(middleware.port);
	await waitFor("the old records", () => values(client).length === OLD_RECORDS);
	return { topic, middleware, client };
}

/**
 * Correct: all of the new topic and nothing of the old one, for connected clients and for new ones.
 */
async function expectNewOnly(
	middleware: Service,
	old: TestClient,
): Promise<void> {
	await waitFor("a snapshot and all new records", async () => {
		const fresh = await TestClient.connect(
			middleware.port,
			"?windowMs=86400000",
		);
		try {
			await waitFor(
				"as many",
				() => values(fresh).length >= NEW_RECORDS,
				2_000,
			);
			expect(values(fresh)).toEqual(NEW_VALUES);
			return true;
		} finally {
			await fresh.close();
		}
	});
	const snapshots = () => old.frames.filter((f) => f.type === "snapshot");
	await waitFor(
		"a snapshot of the new topic on the old connection",
		() => new Set(snapshots().map(({ stream }) => stream)).size === 2,
	);
	// A client that resumes at a position of the old topic starts with a snapshot of the new one.
	const oldPosition = snapshots()[0]?.position as string;
	const resumed = await TestClient.connect(
		middleware.port,
		`?windowMs=86400000&after=${encodeURIComponent(oldPosition)}`,
	);
	await waitFor("its snapshot", () => values(resumed).length === NEW_RECORDS);
	expect(values(resumed)).toEqual(NEW_VALUES);
	await resumed.close();
	await old.close();
	expect(await middleware.metric(RESTARTS)).toBe(1);
	expect(
		middleware.log.some(({ why }) =>
			String(why).includes("deleted and made again"),
		),
	).toBe(true);
}

test("the new records are written at once", async () => {
	const { topic, middleware, client } = await readingOldTopic();
	await admin.deleteTopics({ topics: [topic] });
	await make(topic);
	await write(topic, NEW_RECORDS, START + LATER_MS, NEW_FIRST_VALUE);
	await expectNewOnly(middleware, client);
});

test("the new records are written after the empty topic was noticed", async () => {
	const { topic, middleware, client } = await readingOldTopic();
	await admin.deleteTopics({ topics: [topic] });
	await make(topic);
	await waitFor(
		"the restart",
		async () => (await middleware.metric(RESTARTS)) === 1,
	);
	await write(topic, NEW_RECORDS, START + LATER_MS, NEW_FIRST_VALUE);
	await expectNewOnly(middleware, client);
});
