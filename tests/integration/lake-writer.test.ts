/** services/lake on a real broker: every record is in its table exactly once, whatever happens. */
import { randomUUID } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DEAD_LETTER_HEADERS, EXIT } from "@fireworks/contracts";
import {
	deadLetterTopicOf,
	defineStream,
	int64,
	publish,
	type StreamDescription,
	topicOf,
} from "@fireworks/pipeline";
import kafkajs, { type Admin, Kafka } from "kafkajs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import {
	type LakeRun,
	LakeTables,
	lakeFolder,
	placesOf,
	startLake,
} from "../harness/lake-run.ts";
import { killProcessesAfterEach } from "../harness/node-process.ts";
import { newStream, settledOffsets } from "../harness/stream.ts";
import { inTime, waitFor, waitForValue } from "../harness/wait-for.ts";
import { withBroker } from "../harness/with-broker.ts";

const PARTITIONS = 3;
const BATCH = 100;
/** Each of so many transactions is aborted, and each of so many records cannot be read. */
const ABORTED = 4;
const BAD = 50;

const broker = withBroker();
killProcessesAfterEach();
let client: Kafka;
let admin: Admin;
beforeAll(async () => {
	client = new Kafka({
		brokers: broker.kafka.brokers,
		logLevel: kafkajs.logLevel.NOTHING,
	});
	admin = client.admin();
	await admin.connect();
});
afterAll(async () => admin?.disconnect());

const SETTINGS = {
	partitions: PARTITIONS,
	replicationFactor: 1,
	topicConfigs: "own" as const,
};
const schema = z.object({ id: int64(), n: z.int(), value: z.number() });

async function stream(fields: z.ZodType = schema): Promise<StreamDescription> {
	const { description } = defineStream({
		name: `readings-${randomUUID().slice(0, 8)}`,
		schema: fields,
		time: "@timestamp",
	});
	await announce(description);
	return description;
}

async function announce(description: StreamDescription): Promise<void> {
	const { log } = broker;
	await log.ensureTopics([topicOf(description, SETTINGS)]);
	await publish({ log, settings: SETTINGS, streams: [description] });
}

/** Beyond what a double holds. */
const idOf = (n: number): bigint => 2n ** 60n + BigInt(n);
const isBad = (value: string): boolean => value.startsWith("bad");
const textOf = (n: number): string =>
	n % BAD === BAD - 1 ? `bad ${n}` : `{"id":${idOf(n)},"n":${n},"value":0.5}`;

/** Writes records from `from` on in transactions, some of which are aborted in between. */
async function write(
	topic: string,
	from: number,
	count: number,
): Promise<void> {
	const producer = client.producer({
		transactionalId: `test-${topic}`,
		maxInFlightRequests: 1,
		idempotent: true,
		createPartitioner:
			() =>
			({ message }) =>
				message.partition ?? 0,
	});
	await producer.connect();
	for (let n = from, turn = 0; n < from + count; turn++) {
		const isAborted = turn % ABORTED === ABORTED - 1;
		const transaction = await producer.transaction();
		const size = Math.min(BATCH, from + count - n);
		await transaction.send({
			topic,
			messages: Array.from({ length: size }, (_, i) => ({
				partition: (n + i) % PARTITIONS,
				key: `device-${n % 7}`,
				value: isAborted ? `{"aborted":${n}}` : textOf(n + i),
			})),
		});
		if (isAborted) await transaction.abort();
		else {
			await transaction.commit();
			n += size;
		}
	}
	await producer.disconnect();
}

async function started(
	environment: Record<string, string>,
	folder: string,
): Promise<LakeRun> {
	const run = await startLake(environment, folder);
	await run.ready();
	return run;
}

/** Waits until the lake has as many records as the topic, and compares them one by one. */
async function expectExactlyOnce(
	tables: LakeTables,
	topic: string,
	count: number,
): Promise<void> {
	const expected = await placesOf(broker.log, topic, count, isBad);
	expect(expected).toHaveLength(count);
	await waitForValue(
		`all records of ${topic}`,
		async () => (await tables.places(topic)).length,
		(found) => found >= count,
	);
	expect(await tables.places(topic)).toEqual(expected);
}

test("killed again and again: every record of every stream once, and 64-bit ids with all digits", async () => {
	const { environment } = newStream(broker.kafka.brokers);
	const folder = lakeFolder();
	const tables = new LakeTables(folder);
	const names = (await Promise.all([stream(), stream(), stream()])).map(
		({ name }) => name,
	);
	const part = 1_700;
	const kills = 4;
	const count = part * kills;
	const kept = async () =>
		(await Promise.all(names.map((name) => tables.places(name)))).flat().length;
	let run = await started(environment, folder);
	for (let kill = 0; kill < kills; kill++) {
		const before = await kept();
		const writing = Promise.all(
			names.map((name) => write(name, kill * part, part)),
		);
		// Any moment: while it starts, or between the commits of the first and the last table.
		if (kill % 2 === 0)
			await waitForValue("more rows", kept, (now) => now > before);
		await sleep(Math.random() * 500);
		run.child.kill("SIGKILL");
		await run.exit;
		run = await startLake(environment, folder);
		await writing;
	}
	for (const name of names) await expectExactlyOnce(tables, name, count);

	const [name] = names as [string];
	const rows = await tables.rows(name, "id, n, record_key");
	for (const { id, n } of rows) expect(id).toBe(idOf(Number(n)));
	const [refused] = await tables.rows(
		"dead_letters",
		"*",
		`stream = '${name}' and record_value = 'bad ${BAD - 1}'`,
	);
	expect(refused).toMatchObject({ code: "bad-json", field: null });
	expect((await run.get("/readyz")).status).toBe(200);
	run.child.kill("SIGTERM");
	expect(await run.exit).toBe(EXIT.ok);
});

test("a writer that stands still is fenced by its successor, and ends with 75", async () => {
	const { environment } = newStream(broker.kafka.brokers);
	const folder = lakeFolder();
	const tables = new LakeTables(folder);
	const { name } = await stream();
	const still = await started(environment, folder);
	await write(name, 0, 1_000);
	await waitFor(
		"the first rows",
		async () => (await tables.places(name)).length > 0,
	);
	// It has read these, but not committed them.
	await write(name, 1_000, 1_000);
	still.child.kill("SIGSTOP");
	const other = await started(environment, folder);
	await write(name, 2_000, 1_000);
	await expectExactlyOnce(tables, name, 3_000);
	still.child.kill("SIGCONT");
	await write(name, 3_000, 1_000);
	expect(await inTime("the end of the first writer", still.exit)).toBe(
		EXIT.fenced,
	);
	expect(still.output()).toContain("another writer has taken over the lake");
	await expectExactlyOnce(tables, name, 4_000);
	expect(other.child.exitCode).toBeNull();
});

test("a stream that is added, a field that is added, and a topic that is made again", async () => {
	const { environment, settings } = newStream(broker.kafka.brokers);
	const folder = lakeFolder();
	const tables = new LakeTables(folder);
	const run = await started(environment, folder);
	const letters = deadLetterTopicOf(settings);
	await broker.log.ensureTopics([letters]);
	await broker.log.append(letters.name, {
		partition: 0,
		key: "device-1",
		value: "{",
		timestamp: Date.now(),
		headers: { [DEAD_LETTER_HEADERS.code]: "bad-json" },
	});
	const added = await stream();
	const { name } = added;
	await write(name, 0, 300);
	await expectExactlyOnce(tables, name, 300);

	const letter = await waitForValue(
		"the dead letter of another part",
		() => tables.rows("dead_letter_topic", "code, record_key, record_value"),
		(rows) => rows.length > 0,
	);
	expect(letter).toEqual([
		{ code: "bad-json", record_key: "device-1", record_value: "{" },
	]);

	const wider = defineStream({
		name,
		schema: schema.extend({ comment: z.string().optional() }),
		time: "@timestamp",
	}).description;
	await announce(wider);
	// At once: the writer may not know of the field yet.
	await broker.log.append(name, {
		partition: 0,
		key: null,
		value: '{"id":1,"n":300,"value":1,"comment":"new"}',
		timestamp: Date.now(),
	});
	await expectExactlyOnce(tables, name, 301);
	const comments = await tables.rows(name, "n, comment", "comment is not null");
	expect(comments).toEqual([{ n: 300n, comment: "new" }]);

	await admin.deleteTopics({ topics: [name] });
	await waitFor("the topic to be made again", () =>
		announce(wider).then(() => true),
	);
	await write(name, 1_000, 500);
	await waitForValue(
		"the rows of the new topic",
		async () => (await tables.rows(name, "n")).length,
		(found) => found === 490,
	);
	const rows = await tables.rows(name, "n");
	expect(rows.every(({ n }) => (n as bigint) >= 1_000n)).toBe(true);
	const places = await tables.places(name);
	expect(new Set(places).size).toBe(places.length);
	expect(await run.table(name)).toMatchObject({
		state: "reading",
		error: null,
		refused: 6 + 10,
	});
});

test("a definition that does not fit stops its own table only, until it fits again", async () => {
	const { environment } = newStream(broker.kafka.brokers);
	const folder = lakeFolder();
	const tables = new LakeTables(folder);
	const run = await started(environment, folder);
	const [one, other] = await Promise.all([stream(), stream()]);
	await write(one.name, 0, 100);
	await expectExactlyOnce(tables, one.name, 100);
	const { log } = broker;
	const publishAs = (value: z.ZodType) =>
		publish({
			log,
			settings: SETTINGS,
			allowIncompatible: true,
			streams: [
				defineStream({
					name: one.name,
					schema: schema.extend({ value }),
					time: "@timestamp",
				}).description,
			],
		});
	await publishAs(z.boolean());
	const { error } = await waitForValue(
		"the table to stop",
		() => run.table(one.name),
		({ state }) => state === "stopped",
	);
	expect(error).toContain("value");
	expect((await run.get("/metrics")).text).toContain(
		`fireworks_lake_table_stopped{stream="${one.name}"} 1`,
	);
	await write(one.name, 100, 100);
	await write(other.name, 0, 100);
	await expectExactlyOnce(tables, other.name, 100);
	expect(await tables.places(one.name)).toHaveLength(100);
	await publishAs(z.number());
	await expectExactlyOnce(tables, one.name, 200);
});

test("what retention deleted before it was read is counted, and the rest is read", async () => {
	const { environment } = newStream(broker.kafka.brokers);
	const folder = lakeFolder();
	const tables = new LakeTables(folder);
	const { name } = await stream();
	const first = await started(environment, folder);
	await write(name, 0, 90);
	await expectExactlyOnce(tables, name, 90);
	first.child.kill("SIGTERM");
	expect(await first.exit).toBe(EXIT.ok);
	await write(name, 90, 90);
	const ranges = await settledOffsets(broker.log, name);
	// kafkajs deletes only in a topic that it has asked for before.
	await admin.fetchTopicOffsets(name);
	await admin.deleteTopicRecords({
		topic: name,
		partitions: [{ partition: 0, offset: String(ranges?.[0]?.high) }],
	});
	await write(name, 180, 90);
	const second = await started(environment, folder);
	await waitForValue(
		"the records that are left",
		async () => (await tables.places(name)).length,
		(found) => found === 90 * 3 - 90 / PARTITIONS,
	);
	const { deletedOffsets } = await second.table(name);
	// The ends of transactions have offsets too.
	expect(deletedOffsets).toBeGreaterThanOrEqual(90 / PARTITIONS);
	expect((await second.get("/metrics")).text).toContain(
		`fireworks_lake_deleted_offsets_total{stream="${name}"} ${deletedOffsets}`,
	);
});

test("while the lake cannot be written, the service waits and says so", async () => {
	const { environment } = newStream(broker.kafka.brokers);
	const folder = lakeFolder();
	const { name } = await stream();
	await write(name, 0, 90);
	const lake = join(folder, "lake");
	writeFileSync(lake, "a file in place of the folder");
	const run = await startLake(environment, lake);
	await waitForValue(
		"the failure",
		() => run.table(name),
		({ state, error }) => state === "waiting" && error !== null,
	);
	const ready = await run.get("/readyz");
	expect([ready.status, ready.text]).toEqual([
		503,
		expect.stringContaining("is not open yet"),
	]);
	expect((await run.get("/livez")).status).toBe(200);
	expect((await run.get("/metrics")).text).toMatch(
		new RegExp(`fireworks_lake_failures_total{stream="${name}"} [1-9]`),
	);
	rmSync(lake);
	await expectExactlyOnce(new LakeTables(lake), name, 90);
	await run.ready();
});
