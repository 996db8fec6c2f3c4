/** The contract: topics, what a record keeps, and readers. */
import { expect, test } from "vitest";
import { StreamsError } from "../../src/errors.ts";
import type { LogRecord } from "../../src/log.ts";
import {
	committed,
	type LogUnderTest,
	newTopic,
	readUntil,
	record,
	topicSpec,
	until,
	values,
} from "./log-under-test.ts";

const code = (error: unknown) => (error as StreamsError).code;

export function topicContract(use: () => LogUnderTest): void {
	test("topics are created once; the offsets of an unknown one are undefined", async () => {
		const { log } = use();
		const spec = topicSpec({ partitions: 3 });
		expect(await log.offsets(spec.name)).toBeUndefined();
		await log.ensureTopics([spec]);
		await log.append(spec.name, record("a", { partition: 1 }));
		await log.ensureTopics([spec]);
		expect(await log.offsets(spec.name)).toEqual([
			{ partition: 0, low: 0, high: 0 },
			{ partition: 1, low: 0, high: 1 },
			{ partition: 2, low: 0, high: 0 },
		]);
	});

	test("a topic of other partitions or clean-up is refused", async () => {
		const { log } = use();
		const spec = topicSpec();
		await log.ensureTopics([spec]);
		for (const other of [
			{ ...spec, partitions: 3 },
			topicSpec({ ...spec, cleanup: "compact" }),
		]) {
			const error = await log.ensureTopics([other]).catch((e: unknown) => e);
			expect(error).toBeInstanceOf(StreamsError);
			expect(code(error)).toBe("topic-mismatch");
		}
	});
}

export function recordContract(use: () => LogUnderTest): void {
	test("bytes, null, headers and times come back as they were written", async () => {
		const { log } = use();
		const topic = await newTopic(log);
		const bytes = Buffer.from([0, 255, 254, 128, 10]);
		const producer = log.transactionalProducer(`${topic}-id`, 60_000);
		await producer.transact(
			new Map([
				[
					topic,
					[
						record(bytes, { key: bytes, timestamp: 0 }),
						record(null, { key: "é", timestamp: 999 }),
						record("", { key: null, timestamp: 1_000 }),
						record("ü", {
							timestamp: 1_767_225_617_000,
							headers: { a: "1", b: Buffer.from("é") },
						}),
					],
				],
			]),
		);
		await producer.close();
		const records = await committed(log, topic);
		expect(records).toEqual([
			{
				partition: 0,
				offset: 0,
				key: bytes,
				value: bytes,
				timestamp: 0,
				headers: {},
			},
			{
				partition: 0,
				offset: 1,
				key: Buffer.from("é"),
				value: null,
				timestamp: 999,
				headers: {},
			},
			{
				partition: 0,
				offset: 2,
				key: null,
				value: Buffer.from(""),
				timestamp: 1_000,
				headers: {},
			},
			{
				partition: 0,
				offset: 3,
				key: Buffer.from("k"),
				value: Buffer.from("ü"),
				timestamp: 1_767_225_617_000,
				headers: { a: "1", b: "é" },
			},
		]);
	});

	test("a partition is read in the order it was written, whoever wrote", async () => {
		const { log } = use();
		const topic = await newTopic(log);
		const producer = log.transactionalProducer(`${topic}-id`, 60_000);
		const wanted: string[] = [];
		for (let i = 0; i < 10; i++) {
			wanted.push(`plain ${i}`, `a ${i}`, `b ${i}`);
			await log.append(topic, record(`plain ${i}`));
			await producer.transact(
				new Map([[topic, [record(`a ${i}`), record(`b ${i}`)]]]),
			);
		}
		await producer.close();
		const records = await committed(log, topic);
		expect(values(records)).toEqual(wanted);
		expect(records.map((r) => r.offset)).toEqual(
			records.map((r) => r.offset).toSorted((a, b) => a - b),
		);
	});
}

export function readerContract(use: () => LogUnderTest): void {
	test("a reader begins at its offset, and gets what is written later", async () => {
		const { log } = use();
		const topic = await newTopic(log, { partitions: 1 });
		for (const value of ["0", "1", "2"]) await log.append(topic, record(value));
		const records: LogRecord[] = [];
		const reader = await log.read({
			name: "contract",
			topics: [topic],
			from: () => 1,
			onRecords: (name, partition, some) => {
				expect([name, partition]).toEqual([topic, 0]);
				records.push(...some);
			},
		});
		await until("two records", () => records.length === 2);
		await log.append(topic, record("3"));
		await until("the third", () => records.length === 3);
		await reader.close();
		await reader.ended;
		expect(values(records)).toEqual(["1", "2", "3"]);
	});

	test("records wait for the promise of those before", async () => {
		const { log } = use();
		const topic = await newTopic(log, { partitions: 1 });
		await log.append(topic, record("first"));
		const gate = Promise.withResolvers<void>();
		const seen: string[] = [];
		const reader = await log.read({
			name: "contract",
			topics: [topic],
			from: () => 0,
			onRecords: async (_topic, _partition, some) => {
				seen.push(...values(some));
				await gate.promise;
				seen.push("done");
			},
		});
		await until("the first", () => seen.length === 1);
		await log.append(topic, record("second"));
		// A second reader shows that the second record could have come.
		await readUntil(log, topic, (some) => some.length === 2);
		expect(seen).toEqual(["first"]);
		gate.resolve();
		await until("the second", () => seen.length === 4);
		expect(seen).toEqual(["first", "done", "second", "done"]);
		await reader.close();
	});
}
