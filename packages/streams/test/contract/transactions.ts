/** The contract for transactions and fencing. */
import { expect, test } from "vitest";
import { StreamsError } from "../../src/errors.ts";
import type { LogRecord, Outgoing } from "../../src/log.ts";
import {
	committed,
	type LogUnderTest,
	leaveOpen,
	newTopic,
	readUntil,
	record,
	takeOver,
	until,
	values,
} from "./log-under-test.ts";

const failureOf = async (work: Promise<unknown>): Promise<string> => {
	const error = await work.then(
		() => undefined,
		(e: unknown) => e,
	);
	expect(error).toBeInstanceOf(StreamsError);
	return (error as StreamsError).code;
};

const one = (topic: string, value: string): Outgoing =>
	new Map([[topic, [record(value)]]]);

export function transactionContract(use: () => LogUnderTest): void {
	test("a transaction tells where its records went, in every topic and partition", async () => {
		const { log } = use();
		const [a, b] = [await newTopic(log), await newTopic(log)];
		await log.append(b, record("before", { partition: 1 }));
		const producer = log.transactionalProducer(`${a}-id`, 60_000);
		const appended = await producer.transact(
			new Map([
				[a, [record("a0"), record("a1")]],
				[b, [record("b0"), record("b1", { partition: 1 })]],
			]),
		);
		expect(new Set(appended)).toEqual(
			new Set([
				{ topic: a, partition: 0, baseOffset: 0 },
				{ topic: b, partition: 0, baseOffset: 0 },
				{ topic: b, partition: 1, baseOffset: 1 },
			]),
		);
		// The end of the transaction takes an offset too.
		const [next] = await producer.transact(one(a, "next"));
		expect(next?.baseOffset).toBe(3);
		await producer.close();
		expect(values(await committed(log, a))).toEqual(["a0", "a1", "next"]);
		expect(values(await committed(log, b)).sort()).toEqual([
			"b0",
			"b1",
			"before",
		]);
	});

	test("a large transaction is whole and in order", async () => {
		const { log } = use();
		const topic = await newTopic(log);
		const producer = log.transactionalProducer(`${topic}-id`, 60_000);
		const padding = "x".repeat(300_000);
		const wanted = Array.from({ length: 9 }, (_, i) => `${i}${padding}`);
		await producer.transact(
			new Map([[topic, wanted.map((value) => record(value))]]),
		);
		await producer.close();
		const got = values(await committed(log, topic));
		expect(got.map((v) => v[0])).toEqual(wanted.map((v) => v[0]));
		expect(got).toEqual(wanted);
	});

	test("a new holder's first transaction fences the earlier one; its making alone does not", async () => {
		const { log } = use();
		const topic = await newTopic(log);
		const first = log.transactionalProducer(`${topic}-id`, 60_000);
		await first.transact(one(topic, "first 1"));
		const second = log.transactionalProducer(`${topic}-id`, 60_000);
		await first.transact(one(topic, "first 2"));
		await second.transact(one(topic, "second 1"));
		expect(await failureOf(first.transact(one(topic, "first 3")))).toBe(
			"fenced",
		);
		await second.transact(one(topic, "second 2"));
		await Promise.all([first.close(), second.close()]);
		expect(values(await committed(log, topic))).toEqual([
			"first 1",
			"first 2",
			"second 1",
			"second 2",
		]);
	});

	test("a producer that failed once refuses all further work", async () => {
		const { log } = use();
		const topic = await newTopic(log);
		const first = log.transactionalProducer(`${topic}-id`, 60_000);
		await first.transact(one(topic, "first"));
		await takeOver(log, `${topic}-id`, topic);
		await failureOf(first.transact(one(topic, "fenced")));
		expect(await failureOf(first.transact(one(topic, "again")))).toBe(
			"outcome-unknown",
		);
		await first.close();
		expect(values(await committed(log, topic))).toEqual([
			"first",
			`taken over by ${topic}-id`,
		]);
	});

	test("a closed producer refuses", async () => {
		const { log } = use();
		const topic = await newTopic(log);
		const producer = log.transactionalProducer(`${topic}-id`, 60_000);
		await producer.transact(one(topic, "before"));
		await producer.close();
		expect(await failureOf(producer.transact(one(topic, "after")))).toBe(
			"outcome-unknown",
		);
	});

	test("a record that its topic does not take fails the whole transaction", async () => {
		const { log } = use();
		const topic = await newTopic(log);
		const small = await newTopic(log, {
			config: { "max.message.bytes": "1000" },
		});
		const producer = log.transactionalProducer(`${topic}-id`, 60_000);
		const code = await failureOf(
			producer.transact(
				new Map([
					[topic, [record("outside")]],
					[small, [record("x".repeat(5_000))]],
				]),
			),
		);
		expect(code).toBe("record-too-large");
		await producer.close();
		await takeOver(log, `${topic}-id`, topic);
		expect(values(await committed(log, topic))).toEqual([
			`taken over by ${topic}-id`,
		]);
	});

	test("nothing after an open transaction is read until it is decided", async () => {
		const { log } = use();
		const topic = await newTopic(log);
		await leaveOpen(log, `${topic}-id`, topic, [record("open")]);
		await log.append(topic, record("behind"));
		expect((await log.offsets(topic))?.[0]).toEqual({
			partition: 0,
			low: 0,
			high: 0,
		});
		expect((await log.ends(topic))?.[0]).toBe(2);
		const seen: LogRecord[] = [];
		const reader = await log.read({
			name: "contract",
			topics: [topic],
			from: () => 0,
			onRecords: (_topic, _partition, some) => {
				seen.push(...some);
			},
		});
		await log.append(topic, record("elsewhere", { partition: 1 }));
		await until("the other partition", () => seen.length > 0);
		expect(values(seen)).toEqual(["elsewhere"]);
		await takeOver(log, `${topic}-id`, topic);
		await until("what lay behind", () => seen.length === 3);
		await reader.close();
		expect(values(seen)).toEqual([
			"elsewhere",
			"behind",
			`taken over by ${topic}-id`,
		]);
	});

	test("a reader of the uncommitted gets what open and aborted transactions wrote, too", async () => {
		const { log } = use();
		const topic = await newTopic(log, { partitions: 1 });
		await leaveOpen(log, `${topic}-id`, topic, [record("aborted")]);
		await takeOver(log, `${topic}-id`, topic);
		await leaveOpen(log, `${topic}-id`, topic, [record("open")]);
		const records = await readUntil(log, topic, (some) => some.length === 3, {
			uncommitted: true,
		});
		expect(values(records)).toEqual([
			"aborted",
			`taken over by ${topic}-id`,
			"open",
		]);
	});

	test("an open transaction is aborted after its time-out, and its producer fenced", async () => {
		const { log } = use();
		const topic = await newTopic(log);
		const small = await newTopic(log, {
			config: { "max.message.bytes": "1000" },
		});
		const producer = log.transactionalProducer(`${topic}-id`, 500);
		await failureOf(
			producer.transact(
				new Map([
					[topic, [record("open")]],
					[small, [record("x".repeat(5_000))]],
				]),
			),
		);
		expect(values(await committed(log, topic))).toEqual([]);
		await producer.close();
	});
}

export function abortedContract(use: () => LogUnderTest): void {
	test("aborted transactions of two producers, interleaved in one partition, are never delivered", async () => {
		const { log } = use();
		const topic = await newTopic(log, { partitions: 1 });
		const [a, b] = [`${topic}-a`, `${topic}-b`];
		await log.append(topic, record("1"));
		// Transaction a begins first and is aborted last, because a broker lists aborted
		// transactions in the order of their ends.
		await leaveOpen(log, a, topic, [
			record("a aborted 1"),
			record("a aborted 2"),
		]);
		await leaveOpen(log, b, topic, [
			record("b aborted 1"),
			record("b aborted 2"),
		]);
		await log.append(topic, record("2"));
		await takeOver(log, b, topic);
		await log.append(topic, record("3"));
		await takeOver(log, a, topic);
		await leaveOpen(log, b, topic, [record("b aborted 3")]);
		await leaveOpen(log, a, topic, [record("a aborted 3")]);
		await takeOver(log, b, topic);
		await takeOver(log, a, topic);
		expect(values(await committed(log, topic))).toEqual([
			"1",
			"2",
			`taken over by ${b}`,
			"3",
			`taken over by ${a}`,
			`taken over by ${b}`,
			`taken over by ${a}`,
		]);
	});

	test("a key of four zero bytes is a key", async () => {
		const { log } = use();
		const topic = await newTopic(log, { partitions: 1 });
		const zero = Buffer.alloc(4);
		await leaveOpen(log, `${topic}-a`, topic, [
			record("aborted 1"),
			record("aborted 2", { key: zero }),
			record("aborted 3"),
		]);
		await log.append(topic, record("plain", { key: zero }));
		await takeOver(log, `${topic}-a`, topic);
		const records = await committed(log, topic);
		expect(values(records)).toEqual(["plain", `taken over by ${topic}-a`]);
		expect(records[0]?.key).toEqual(zero);
	});
}
