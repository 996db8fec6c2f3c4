/** `fireworks streams` and `fireworks tail` on a real broker. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { startTestKafka } from "@fireworks/local-kafka/testing";
import { defineStream, publish, topicOf } from "@fireworks/pipeline";
import kafkajs from "kafkajs";
import { expect, test } from "vitest";
import { z } from "zod";
import { cliRunner } from "../harness/cli-run.ts";
import { newStream } from "../harness/stream.ts";
import { waitFor, waitForValue } from "../harness/wait-for.ts";
import { withBroker } from "../harness/with-broker.ts";

const { Kafka, logLevel } = kafkajs;

const broker = withBroker();
const { start, run } = cliRunner();
const environment = () => ({
	FIREWORKS_BROKERS: broker.kafka.brokers.join(","),
});

let streams = 0;
/** A stream of its own in the catalog, with these values in turn in its partitions. */
async function streamWith(values: readonly object[], partitions = 2) {
	const { settings } = newStream(broker.kafka.brokers);
	const stream = defineStream({
		name: `rooms-${process.pid}-${streams++}`,
		schema: z.object({
			room: z.string(),
			at: z.iso.datetime(),
			warm: z.number().nullable(),
		}),
		key: "room",
		time: { path: "at" },
		measures: { warm: { unit: "°C" } },
	});
	const { name } = stream.description;
	await broker.log.ensureTopics([
		topicOf(stream.description, { ...settings, partitions }),
	]);
	await publish({
		log: broker.log,
		settings,
		streams: [stream.description],
	});
	const append = (value: object | string, key = "a", partition = 0) =>
		broker.log.append(name, {
			partition,
			key,
			value: typeof value === "string" ? value : JSON.stringify(value),
			timestamp: Date.now(),
		});
	for (const [i, value] of values.entries())
		await append(value, "a", i % partitions);
	return { name, append };
}

const room = (second: number, warm: unknown = second) => ({
	room: "a",
	at: `2026-01-01T00:00:${String(second).padStart(2, "0")}Z`,
	warm,
});

test("streams: what the catalog says and what the topic holds, as a table and as JSON", async () => {
	const { name } = await streamWith([room(1), room(9), room(2)]);
	const { code, stdout } = await run(environment(), "streams");
	expect(code).toBe(0);
	const row = stdout.split("\n").find((line) => line.startsWith(name));
	expect(row?.split(/ {2,}/)).toEqual([
		name,
		"1",
		"room",
		"2",
		"3",
		"2026-01-01T00:00:09.000Z",
		"7d by append",
		"warm (°C)",
	]);
	const { stdout: json } = await run(environment(), "streams", "--json");
	expect(
		JSON.parse(json).streams.find((s: { name: string }) => s.name === name),
	).toMatchObject({
		version: 1,
		key: "room",
		measures: { warm: { unit: "°C" } },
		topic: {
			partitions: 2,
			recordsAtMost: 3,
			newest: Date.parse("2026-01-01T00:00:09Z"),
		},
	});
});

test("tail: the last records by default, then what comes; Ctrl-C ends it in order", async () => {
	const { name, append } = await streamWith([room(1), room(2), room(3)]);
	const tail = start(environment(), "tail", name);
	await waitForValue("the last records", tail.stdout, (text) =>
		text.includes("00:00:03.000Z"),
	);
	await append(room(4, null), "a", 1);
	await waitForValue("the new record", tail.stdout, (text) =>
		text.includes("00:00:04.000Z"),
	);
	tail.child.kill("SIGINT");
	expect([await tail.exit, tail.stderr()]).toEqual([0, ""]);
	const lines = tail.stdout().trim().split("\n");
	expect(lines[0]).toBe(
		'2026-01-01T00:00:01.000Z  a  0/0  {"room":"a","at":"2026-01-01T00:00:01Z","warm":1}',
	);
	const [first, second, third, last] = lines.map((line) => line.split("  ")[2]);
	// Kafka may have appended the first three within one millisecond.
	expect([first, new Set([second, third]), last]).toEqual([
		"0/0",
		new Set(["1/0", "0/1"]),
		"1/1",
	]);
});

test("tail: an unreadable record is shown with its reason, and cannot send codes to the terminal", async () => {
	const { name, append } = await streamWith([room(1)], 1);
	await append(room(2, "warm"));
	await append("not \u001b[31mJSON");
	const { code, stdout } = await run(
		environment(),
		...["tail", name, "--from", "beginning", "--limit", "3"],
	);
	expect(code).toBe(0);
	expect(stdout).not.toContain("\u001b");
	const lines = stdout.trim().split("\n");
	expect(lines[1]).toMatch(/ {2}a {2}0\/1 {2}! bad-field: warm: .*"warm"\}$/);
	expect(lines[2]).toMatch(/0\/2 {2}! bad-json: .*: not \\u001b\[31mJSON$/);
	const json = await run(
		environment(),
		...["tail", name, "--from", "-2", "--limit", "2", "--json"],
	);
	expect(
		json.stdout
			.trim()
			.split("\n")
			.map((line) => JSON.parse(line).refused.code),
	).toEqual(["bad-field", "bad-json"]);
});

test("tail: from a time, only one key, the last N of that key", async () => {
	const { name, append } = await streamWith([], 1);
	await append(room(1), "b");
	const later = Date.now() + 60_000;
	for (let second = 2; second < 40; second++)
		await broker.log.append(name, {
			partition: 0,
			key: second % 9 === 0 ? "b" : "a",
			value: JSON.stringify(room(second)),
			timestamp: later,
		});
	const offsets = async (...args: string[]) =>
		(await run(environment(), "tail", name, ...args)).stdout
			.trim()
			.split("\n")
			.map((line) => line.split("  ")[2]);
	expect(await offsets("--from", "-2", "--key", "b", "--limit", "2")).toEqual([
		"0/26",
		"0/35",
	]);
	// The topic is stamped by the broker, so all its records are younger than a minute ago.
	expect(await offsets("--from", "1m", "--key", "b", "--limit", "1")).toEqual([
		"0/0",
	]);
});

test("tail: what an aborted transaction wrote is not shown, and nothing waits for it", async () => {
	const { name, append } = await streamWith([room(1)], 1);
	const kafka = new Kafka({
		brokers: [...broker.kafka.brokers],
		logLevel: logLevel.NOTHING,
	});
	const producer = kafka.producer({
		transactionalId: `${name}-aborted`,
		maxInFlightRequests: 1,
		idempotent: true,
	});
	await producer.connect();
	const transaction = await producer.transaction();
	await transaction.send({
		topic: name,
		messages: [{ key: "a", value: JSON.stringify(room(2)) }],
	});
	await transaction.abort();
	await producer.disconnect();
	await append(room(3));
	const { code, stdout } = await run(
		environment(),
		...["tail", name, "--from", "beginning", "--limit", "2"],
	);
	// The offset of the last one depends on when Kafka wrote the end of the transaction.
	expect([code, stdout.split("\n").map((line) => line.split("  ")[0])]).toEqual(
		[0, ["2026-01-01T00:00:01.000Z", "2026-01-01T00:00:03.000Z", ""]],
	);
	const last = await run(
		environment(),
		...["tail", name, "--from", "-1", "--limit", "1"],
	);
	expect(last.stdout).toContain("00:00:03.000Z");
});

test("tail: any topic, and bytes that are not text", async () => {
	const topic = `raw-${process.pid}`;
	await broker.log.ensureTopics([
		{
			name: topic,
			partitions: 1,
			replicationFactor: 1,
			cleanup: "delete",
			config: { "cleanup.policy": "delete", "retention.ms": "-1" },
		},
	]);
	const record = { partition: 0, timestamp: 1_767_225_600_000 };
	await broker.log.append(topic, {
		...record,
		key: null,
		value: Buffer.from([0xff, 0x00]),
	});
	await broker.log.append(topic, { ...record, key: "k", value: null });
	const { stdout } = await run(
		environment(),
		...["tail", topic, "--from", "beginning", "--limit", "2"],
	);
	expect(stdout).toBe(
		"2026-01-01T00:00:00.000Z  (null)  0/0  0xff00\n2026-01-01T00:00:00.000Z  k  0/1  (null)\n",
	);
});

test("tail: the reader of its output may end first", async () => {
	const { name, append } = await streamWith([room(1)], 1);
	const tail = start(environment(), "tail", name);
	const head = spawn("head", ["-n", "1"], {
		stdio: ["pipe", "ignore", "ignore"],
	});
	tail.child.stdout?.pipe(head.stdin);
	head.stdin.on("error", () => {});
	await once(head, "exit");
	tail.child.stdout?.destroy();
	const ended = await waitFor("tail to end", async () => {
		await append(room(2));
		return tail.child.exitCode === null ? undefined : [tail.child.exitCode];
	});
	expect([ended, tail.stderr()]).toEqual([[0], ""]);
});

test("what is wrong is said: no such topic, a wrong place to begin", async () => {
	const missing = await run(environment(), "tail", "no-such-topic");
	expect([missing.code, missing.stderr]).toEqual([
		1,
		expect.stringContaining('There is no topic "no-such-topic".'),
	]);
	const wrong = await run(environment(), "tail", "x", "--from", "yesterday");
	expect([wrong.code, wrong.stderr]).toEqual([
		64,
		expect.stringContaining("--from yesterday: expected beginning, end, -N"),
	]);
});

test("a broker that takes connections and does not answer: an error in bounded time", async () => {
	const server = createServer(() => {});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as { port: number };
	try {
		const began = performance.now();
		const { code, stderr } = await run(
			{ FIREWORKS_BROKERS: `127.0.0.1:${port}` },
			"streams",
		);
		expect([code, stderr]).toEqual([
			1,
			expect.stringContaining(
				`Kafka at 127.0.0.1:${port} does not answer: no answer within 10 s.`,
			),
		]);
		expect(performance.now() - began).toBeLessThan(60_000);
	} finally {
		server.close();
	}
});

test("an empty catalog says what to do", async () => {
	const kafka = await startTestKafka();
	try {
		const { code, stdout } = await run(
			{ FIREWORKS_BROKERS: kafka.brokers.join(",") },
			"streams",
		);
		expect([code, stdout]).toEqual([
			0,
			expect.stringContaining("What to do: start a pipeline"),
		]);
	} finally {
		await kafka.stop();
	}
});
