/**
 * The audit of topics, on the in-memory log: up to which ends it reads, when it waits, and when it
 * reaches no result.
 */
import {
	metronomeTopics,
	parseSettings,
	processorTopics,
	SETTINGS,
	type SettingName,
	type TopicSpec,
} from "@fireworks/contracts";
import type { Log, OutgoingRecord } from "@fireworks/streams";
import { MemoryBroker, memoryLog } from "@fireworks/streams/testing";
import { beforeEach, expect, test } from "vitest";
import { CouldNotTell } from "../src/could-not-tell.ts";
import type { LogRecord } from "../src/index.ts";
import { auditTopics } from "../src/read-topics.ts";
import { logsOf, source, ticks } from "./stream.ts";

const settings = parseSettings(
	{
		FIREWORKS_PARTITIONS: "1",
		FIREWORKS_SEED: "42",
		FIREWORKS_AUDIT_WAIT_MS: "300",
	},
	Object.keys(SETTINGS) as SettingName[],
);
const { ticks: metronome } = metronomeTopics(settings);
const { output, changelog, deadLetter } = processorTopics(settings);
const CLEAN = logsOf([...ticks(["a", "b"], 20), source("a", "rubbish")]);

let log: Log;
beforeEach(async () => {
	log = memoryLog({ broker: new MemoryBroker({ fetchWaitMs: 5 }) });
	await log.ensureTopics([metronome, output, changelog, deadLetter]);
});

const write = (topic: TopicSpec, records: readonly OutgoingRecord[]) =>
	log
		.transactionalProducer(topic.name, 10_000)
		.transact(new Map([[topic.name, records]]));

const outgoing = (records: readonly LogRecord[]): OutgoingRecord[] =>
	records.map(({ key, value, timestamp, headers }) => ({
		partition: 0,
		key,
		value,
		timestamp,
		headers,
	}));

/** Dead letters name their sources by the offsets that the sources have in this log. */
const letters = () =>
	outgoing(CLEAN.deadLetter).map((letter) => ({
		...letter,
		headers: {
			...letter.headers,
			"source-offset": String(CLEAN.metronome.length - 1),
		},
	}));

const position = (next: number): OutgoingRecord => ({
	partition: 0,
	key: "position",
	value: JSON.stringify({ next: String(next), partitions: 1, config: {} }),
	timestamp: 0,
});

async function writeAll(wiener = outgoing(CLEAN.wiener)) {
	await write(metronome, outgoing(CLEAN.metronome));
	await write(output, wiener);
	await write(deadLetter, letters());
}

const audit = () => auditTopics({ log, settings, readTimeoutMs: 2_000 });

test("clean if the processor has passed the end", async () => {
	await writeAll();
	await write(changelog, [position(CLEAN.metronome.length)]);
	const { clean, findings, counts } = await audit();
	expect(findings).toEqual([]);
	expect(clean).toBe(true);
	expect(counts).toMatchObject({ applied: 40, records: 40, deadLetters: 1 });
});

test("clean if only the end of a transaction follows the position", async () => {
	await writeAll();
	await write(changelog, [position(CLEAN.metronome.length)]);
	const before = await log.offsets(metronome.name);
	expect(before?.[0]?.high).toBeGreaterThan(CLEAN.metronome.length);
	expect((await audit()).clean).toBe(true);
});

test("clean while a committed transaction has its marker in the changelog, and not yet in the outputs", async () => {
	const tick = outgoing(CLEAN.metronome);
	const outputs = new Map([
		[changelog.name, [position(CLEAN.metronome.length)]],
		[output.name, outgoing(CLEAN.wiener)],
		[deadLetter.name, letters()],
	]);
	for (let seed = 1; seed <= 10; seed++) {
		const broker = new MemoryBroker({
			fetchWaitMs: 5,
			seed,
			markerDelayMaxMs: 100,
		});
		log = memoryLog({ broker });
		await log.ensureTopics([metronome, output, changelog, deadLetter]);
		broker.topics.append(metronome.name, 0, tick);
		await log.transactionalProducer("processor", 10_000).transact(outputs);
		const { findings, counts } = await audit();
		expect(findings).toEqual([]);
		expect(counts).toMatchObject({ applied: 40, records: 40, deadLetters: 1 });
	}
});

test("waits until the processor has passed", async () => {
	await write(metronome, outgoing(CLEAN.metronome));
	await write(changelog, [position(3)]);
	const result = audit();
	await write(output, outgoing(CLEAN.wiener));
	await write(deadLetter, letters());
	await write(changelog, [position(CLEAN.metronome.length)]);
	expect((await result).findings).toEqual([]);
});

test("names a record that was dropped", async () => {
	await writeAll(outgoing(CLEAN.wiener).toSpliced(7, 1));
	await write(changelog, [position(CLEAN.metronome.length)]);
	const { findings } = await audit();
	expect(findings).toMatchObject([
		{ kind: "missing-record", topic: "metronome", deviceId: "b", seq: 3 },
	]);
});

test("cannot tell if the processor stays behind", async () => {
	await writeAll();
	await write(changelog, [position(CLEAN.metronome.length - 1)]);
	const rejected = expect(audit()).rejects;
	await rejected.toThrow(CouldNotTell);
	await rejected.toThrow(/partition 0 stands at 40, not past 40/);
});

test("cannot tell if a topic is missing", async () => {
	log = memoryLog();
	await expect(audit()).rejects.toThrow("there is no topic metronome");
});

test("cannot tell if the topics have different numbers of partitions", async () => {
	const wrong = auditTopics({ log, settings: { ...settings, partitions: 2 } });
	await expect(wrong).rejects.toThrow("has 1 partitions, not 2");
});

test("empty topics are clean, and say so", async () => {
	expect(await audit()).toMatchObject({ clean: true, counts: { ticks: 0 } });
});
