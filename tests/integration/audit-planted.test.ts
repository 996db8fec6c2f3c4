/**
 * Tests of the audit: faults are planted into copies of a real stream's output, and `fireworks
 * audit` must name each.
 */
import { parseWiener } from "@fireworks/contracts";
import { startTestKafka, type TestKafka } from "@fireworks/local-kafka/testing";
import type { Log, LogRecord, OutgoingRecord } from "@fireworks/streams";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startService, stopAllServices } from "../harness/service.ts";
import {
	newStream,
	readTopic,
	settledOffsets,
	type TestStream,
	testLog,
} from "../harness/stream.ts";
import { System } from "../harness/system.ts";

let kafka: TestKafka;
let log: Log;
let stream: TestStream;
let records: LogRecord[];
let system: System;

beforeAll(async () => {
	kafka = await startTestKafka();
	log = testLog(kafka.brokers);
	stream = newStream(kafka.brokers, { FIREWORKS_METRONOME_INTERVAL_MS: "20" });
	system = await System.create(stream.environment);
	const { settings } = stream;
	const [metronome, processor] = await Promise.all([
		startService("metronome", stream.environment),
		startService("processor", stream.environment),
	]);
	await Promise.all([metronome.ready(), processor.ready()]);
	await log.append(settings.topicMetronome, {
		partition: 0,
		key: "x",
		value: "rubbish",
		timestamp: Date.now(),
	});
	await metronome.reaches("fireworks_metronome_ticks_total", 50);
	await metronome.stop();
	expect((await audit({})).code).toBe(0);
	const high = ((await settledOffsets(log, settings.topicWiener)) ?? []).filter(
		(r) => r.high > r.low,
	);
	records = await readTopic(log, settings.topicWiener, (all) =>
		high.every((r) =>
			all.some(
				(one) => one.partition === r.partition && one.offset >= r.high - 2,
			),
		),
	);
	await processor.stop();
});
afterAll(async () => {
	await stopAllServices();
	await system?.remove();
	await log?.close();
	await kafka?.stop();
});

const audit = async (topics: Record<string, string>) => {
	const { code, stdout } = await system.commandWith(topics, "audit", "--json");
	return { code, ...JSON.parse(stdout) };
};

/** A copy of the output with a planted fault. */
async function copy(
	name: string,
	plant: (all: LogRecord[]) => LogRecord[],
): Promise<Record<string, string>> {
	const topic = `${stream.settings.topicWiener}-${name}`;
	await log.ensureTopics([
		{
			name: topic,
			partitions: 4,
			replicationFactor: 1,
			cleanup: "delete",
			config: {
				"retention.ms": "-1",
				"message.timestamp.after.max.ms": "9223372036854775807",
			},
		},
	]);
	const producer = log.transactionalProducer(topic, 10_000);
	const outgoing: OutgoingRecord[] = plant([...records]).map(
		({ partition, key, value, timestamp }) => ({
			partition,
			key,
			value,
			timestamp,
		}),
	);
	await producer.transact(new Map([[topic, outgoing]]));
	await producer.close();
	return { FIREWORKS_TOPIC_WIENER: topic };
}

const VICTIM = 60;
const victim = () => {
	const record = records[VICTIM] as LogRecord;
	return { deviceId: String(record.key), seq: parseWiener(record.value)?.seq };
};

test("an unchanged copy is clean", async () => {
	expect(await audit(await copy("same", (all) => all))).toMatchObject({
		code: 0,
		result: "clean",
	});
});

test.each<[string, string, (all: LogRecord[]) => LogRecord[]]>([
	[
		"doubled",
		"duplicated-record",
		(all) => all.toSpliced(VICTIM, 0, all[VICTIM] as LogRecord),
	],
	["dropped", "missing-record", (all) => all.toSpliced(VICTIM, 1)],
	[
		"changed by one bit",
		"changed-field",
		(all) => all.with(VICTIM, oneBitOff(all[VICTIM] as LogRecord)),
	],
])("a record %s: %s", async (name, kind, plant) => {
	const result = await audit(await copy(name.replaceAll(" ", "-"), plant));
	expect(result).toMatchObject({ code: 1, result: "findings" });
	expect(result.findings).toContainEqual(
		expect.objectContaining({ kind, ...victim() }),
	);
});

test("a dead letter that is missing", async () => {
	const topic = `${stream.settings.topicDeadLetter}-empty`;
	await log.ensureTopics([
		{
			name: topic,
			partitions: 4,
			replicationFactor: 1,
			cleanup: "delete",
			config: {},
		},
	]);
	const result = await audit({ FIREWORKS_TOPIC_DEAD_LETTER: topic });
	expect(result).toMatchObject({ code: 1, findingsTotal: 1 });
	expect(result.findings[0]).toMatchObject({
		kind: "missing-dead-letter",
		partition: 0,
	});
});

/** The record with the last bit of its value's double flipped. */
function oneBitOff(record: LogRecord): LogRecord {
	const wiener = JSON.parse(String(record.value));
	const bits = new BigUint64Array(new Float64Array([wiener.value]).buffer);
	bits[0] = (bits[0] ?? 0n) ^ 1n;
	const [value] = new Float64Array(bits.buffer);
	return {
		...record,
		value: Buffer.from(JSON.stringify({ ...wiener, value })),
	};
}
