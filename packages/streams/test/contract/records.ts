/** The contract for topics, for the content of records, and for readers. */
import { expect, test } from "vitest";
import { StreamsError } from "../../src/errors.ts";
import type { LogRecord } from "../../src/log.ts";
import {
	committed,
	type LogUnderTest,
	leaveOpen,
	newTopic,
	readUntil,
	record,
	takeOver,
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
		expect(await log.ends(spec.name)).toBeUndefined();
		await log.ensureTopics([spec]);
		await log.append(spec.name, record("a", { partition: 1 }));
		await log.ensureTopics([spec]);
		expect(await log.offsets(spec.name)).toEqual([
			{ partition: 0, low: 0, high: 0 },
			{ partition: 1, low: 0, high: 1 },
			{ partition: 2, low: 0, high: 0 },
		]);
		expect(await log.ends(spec.name)).toEqual([0, 1, 0]);
	});

	test("a topic has an id, which stays; no other topic has it, and one that does not exist has none", async () => {
		const { log } = use();
		const [spec, other] = [topicSpec(), topicSpec()];
		expect(await log.topicId(spec.name)).toBeUndefined();
		await log.ensureTopics([spec, other]);
		const id = await log.topicId(spec.name);
		expect(id).toMatch(/^[0-9a-f]{32}$/);
		await log.append(spec.name, record("a"));
		await log.ensureTopics([spec]);
		expect(await log.topicId(spec.name)).toBe(id);
		expect(await log.topicId(other.name)).not.toBe(id);
	});

	test("a topic that is deleted and made again has another id", async () => {
		const { log, deleteTopic } = use();
		const spec = topicSpec();
		await log.ensureTopics([spec]);
		const id = await log.topicId(spec.name);
		await deleteTopic(spec.name);
		await until(
			"the topic to be gone",
			async () => (await log.topicId(spec.name)) === undefined,
		);
		await log.ensureTopics([spec]);
		const newId = await log.topicId(spec.name);
		expect(newId).toMatch(/^[0-9a-f]{32}$/);
		expect(newId).not.toBe(id);
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
				topic,
				partition: 0,
				offset: 0,
				key: bytes,
				value: bytes,
				timestamp: 0,
				headers: {},
			},
			{
				topic,
				partition: 0,
				offset: 1,
				key: Buffer.from("é"),
				value: null,
				timestamp: 999,
				headers: {},
			},
			{
				topic,
				partition: 0,
				offset: 2,
				key: null,
				value: Buffer.from(""),
				timestamp: 1_000,
				headers: {},
			},
			{
				topic,
				partition: 0,
				offset: 3,
				key: Buffer.from("k"),
				value: Buffer.from("ü"),
				timestamp: 1_767_225_617_000,
				headers: { a: "1", b: "é" },
			},
		]);
	});

	test("a partition is read in the order it was written, by any number of writers", async () => {
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

	test("a reader says how far it has read, also past aborted records and ends of transactions", async () => {
		const { log } = use();
		const topic = await newTopic(log, { partitions: 1 });
		const producer = log.transactionalProducer(`${topic}-id`, 60_000);
		await producer.transact(new Map([[topic, [record("a")]]]));
		await producer.close();
		const id = `${topic}-aborted`;
		await leaveOpen(log, id, topic, [record("never")]);
		await takeOver(log, id, topic);
		const events: string[] = [];
		let next = 0;
		const reader = await log.read({
			name: "contract",
			topics: [topic],
			from: () => 0,
			onRecords: (_topic, _partition, some) => {
				events.push(...values(some));
			},
			onProgress: (name, partition, nextOffset) => {
				expect([name, partition]).toEqual([topic, 0]);
				expect(nextOffset).toBeGreaterThanOrEqual(next);
				next = nextOffset;
			},
		});
		// The end is known only once the last transaction's marker is written.
		await until("the end", async () => {
			const [range] = (await log.offsets(topic)) ?? [];
			return events.length === 2 && next === range?.high;
		});
		expect(events).toEqual(["a", `taken over by ${id}`]);
		await reader.close();
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
		// A second reader shows that the second record was readable.
		await readUntil(log, topic, (some) => some.length === 2);
		expect(seen).toEqual(["first"]);
		gate.resolve();
		await until("the second", () => seen.length === 4);
		expect(seen).toEqual(["first", "done", "second", "done"]);
		await reader.close();
	});
}
