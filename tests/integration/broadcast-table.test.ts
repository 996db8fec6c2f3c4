/** A broadcast table on a real broker: read to its end at start, changed while the stage runs. */
import { randomUUID } from "node:crypto";
import { partitionOf, type TopicSpec } from "@fireworks/contracts";
import { joinBroadcast, runStage, stream } from "@fireworks/streams";
import { Registry } from "prom-client";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { readTopic, testLog } from "../harness/stream.ts";
import { waitFor } from "../harness/wait-for.ts";
import { withBroker } from "../harness/with-broker.ts";

const broker = withBroker();
const logger = { debug() {}, info() {}, warn() {}, error() {} };
const PARTITIONS = 4;
const TABLE_PARTITIONS = 3;
const ROWS = 300;

test("two processes join with the whole table, which one writes in transactions", async () => {
	const id = randomUUID().slice(0, 8);
	const spec = (
		name: string,
		partitions: number,
		cleanup: TopicSpec["cleanup"] = "delete",
	): TopicSpec => ({
		name: `${id}-${name}`,
		partitions,
		replicationFactor: 1,
		cleanup,
		config: { "cleanup.policy": cleanup, "retention.ms": "-1" },
	});
	const inputs = spec("input", PARTITIONS);
	const table = spec("table", TABLE_PARTITIONS, "compact");
	const output = spec("output", PARTITIONS);
	await broker.log.ensureTopics([inputs, table]);
	const producer = broker.log.transactionalProducer(`${id}-rows`, 10_000);
	const put = (rows: readonly [string, number | null][]) =>
		producer.transact(
			new Map([
				[
					table.name,
					rows.map(([key, value]) => ({
						partition: partitionOf(Buffer.from(key), TABLE_PARTITIONS),
						key,
						value: value === null ? null : String(value),
						timestamp: 0,
					})),
				],
			]),
		);
	const ask = async (keys: readonly string[]) => {
		for (const [i, key] of keys.entries())
			await broker.log.append(inputs.name, {
				partition: i % PARTITIONS,
				key: `key-${i}`,
				value: JSON.stringify(key),
				timestamp: 0,
			});
	};
	const start = () => {
		const stop = new AbortController();
		const log = testLog(broker.kafka.brokers);
		const running = runStage({
			stage: joinBroadcast({
				name: id,
				input: stream(inputs.name, z.string()),
				table: stream(table.name, z.number()),
				output: stream(output.name, z.tuple([z.string(), z.number()])),
				lookup: ({ value }) => value,
				join: ({ value }, row) => [value, row ?? -1],
			}),
			topics: {
				inputs: [inputs.name],
				output,
				changelog: spec("changelog", PARTITIONS, "compact"),
				deadLetter: spec("dead-letter", 1),
			},
			log,
			logger,
			registry: new Registry(),
			options: { groupId: id, sessionTimeoutMs: 6_000 },
			signal: stop.signal,
		});
		onTestFinished(async () => {
			stop.abort();
			await running.ended;
			await log.close();
		});
		return running;
	};
	const found = async (count: number) =>
		(await readTopic(broker.log, output.name, (all) => all.length >= count))
			.map(({ value }) => JSON.parse(String(value)) as [string, number])
			.sort(([a], [b]) => (a < b ? -1 : 1));

	const keys = Array.from({ length: ROWS }, (_, i) => `row-${i}`);
	await put(keys.map((key, i) => [key, i]));
	await put([["row-0", null]]);
	// The stage reads what is readable; Kafka ends a transaction after its commit has returned.
	await waitFor("the ends of the transactions", async () => {
		const ranges = (await broker.log.offsets(table.name)) ?? [];
		const ends = ranges.reduce((n, { high }) => n + high, 0);
		return ends === ROWS + 1 + TABLE_PARTITIONS + 1;
	});
	await ask(keys);
	const processes = [start(), start()];
	await waitFor("both to work", () =>
		processes.every((one) => one.notReady() === undefined),
	);
	const rows = await found(ROWS);
	expect(rows).toEqual(
		keys
			.map((key, i): [string, number] => [key, i === 0 ? -1 : i])
			.sort(([a], [b]) => (a < b ? -1 : 1)),
	);

	await put([["row-1", 1_000]]);
	// A process without partitions has a table as well.
	await waitFor("both to have the change", () =>
		processes.every((one) => {
			const now = one.table();
			return (
				[...(now?.nexts.values() ?? [])].reduce((n, next) => n + next, 0) ===
				ROWS + 1 + TABLE_PARTITIONS + 1 + 2
			);
		}),
	);
	await ask(Array.from({ length: PARTITIONS }, () => "row-1"));
	const after = await found(ROWS + PARTITIONS);
	expect(after.filter(([, row]) => row === 1_000)).toHaveLength(PARTITIONS);
	await producer.close();
});
