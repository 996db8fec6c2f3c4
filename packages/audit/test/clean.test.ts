import { readFileSync } from "node:fs";
import { partitionOf } from "@fireworks/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { auditPartition, type LogRecord } from "../src/index.ts";
import {
	auditOf,
	EPOCH,
	type Logs,
	logsOf,
	numbered,
	rangeOf,
	run,
	source,
	spoiled,
	tick,
	ticks,
} from "./stream.ts";

const DEVICES = ["a", "b", "sensor/π"];

test("a stream without fault is clean, and everything is counted", async () => {
	const result = await run(logsOf(ticks(DEVICES, 20)));
	expect(result).toMatchObject({ clean: true, findings: [], findingsTotal: 0 });
	expect(result.counts).toMatchObject({
		devices: 3,
		ticks: 60,
		applied: 60,
		records: 60,
		repeats: 0,
		jumps: 0,
		deadLetters: 0,
	});
});

test("empty topics are clean, and the counts say that they were empty", async () => {
	const result = await run({ metronome: [], wiener: [], deadLetter: [] });
	expect(result.clean).toBe(true);
	expect(result.counts.ticks).toBe(0);
});

test("repeats lead to nothing, jumps to one step, refused ones to dead letters", async () => {
	const logs = logsOf([
		tick("a", 0),
		tick("a", 1),
		tick("a", 1), // repeat
		tick("a", 0), // repeat
		tick("a", 9), // jump over 2 to 8
		tick("a", 3, { timestamp: EPOCH + 99_000 }),
		tick("a", 10, { timestamp: EPOCH }),
		tick("a", 11, { drift: Number.MAX_VALUE, timestamp: 8.64e15 }),
		source("a", null),
		source("b", JSON.stringify({ deviceId: "a" })),
		source(null, "{"),
		tick("a", 12),
	]);
	const { clean, counts } = await run(logs);
	expect(clean).toBe(true);
	expect(counts).toMatchObject({
		applied: 4,
		repeats: 2,
		jumps: 2,
		seqsSkipped: 9,
		deadLetters: 6,
	});
	expect(counts.refused).toMatchObject({
		"clock-restarted": 1,
		"time-not-increasing": 1,
		"not-finite": 1,
		"no-value": 1,
		"bad-field": 1,
		"bad-json": 1,
	});
});

test("the shared vectors: every outcome is counted as they say", async () => {
	const url = new URL(
		"../../contracts/vectors/tick-vectors.jsonl",
		import.meta.url,
	);
	const vectors = readFileSync(url, "utf8")
		.trimEnd()
		.split("\n")
		.map((line) => JSON.parse(line) as Record<string, string | null>);
	const hex = (text: string | null | undefined) =>
		text == null ? null : Buffer.from(text, "hex");
	const input = vectors.map(({ key, value }) => ({
		...source(null, null),
		key: hex(key),
		value: hex(value),
	}));
	const { clean, counts } = await run(logsOf(input));
	const outcomes: Record<string, number> = {};
	for (const { outcome } of vectors) {
		outcomes[`${outcome}`] = (outcomes[`${outcome}`] ?? 0) + 1;
	}
	expect(clean).toBe(true);
	const { apply, repeat, ...refused } = outcomes;
	expect(counts.applied).toBe(apply);
	expect(counts.repeats).toBe(repeat);
	expect(counts.refused).toEqual({ "wrong-partition": 0, ...refused });
});

test("a tick in another partition than its key's is refused", async () => {
	// Of the 4 partitions, "d" belongs to partition 1, and "e" to another.
	const input = [tick("d", 0), tick("e", 0), tick("d", 1)];
	const where = { partition: 1, partitions: 4 };
	const { clean, counts } = await run(logsOf(input, where), where);
	expect(clean).toBe(true);
	expect(counts.refused["wrong-partition"]).toBe(1);
	expect(counts.applied).toBe(2);
});

test("doubles count as numbers: their text may differ, and -0 is 0", async () => {
	const input = [tick("a", 0), tick("a", 1, { drift: -0, volatility: 0 })];
	const logs = spoiled(logsOf(input), "wiener", (records) =>
		records.map((record) => {
			const text = `${record.value}`
				.replaceAll(":0,", ":-0.0,")
				.replace(
					':1,"timestamp":1767225601000',
					':1.0,"timestamp":1767225601e3',
				);
			return { ...record, value: Buffer.from(text) };
		}),
	);
	expect(`${logs.wiener[1]?.value}`).toContain("-0.0");
	expect(await run(logs)).toMatchObject({ clean: true });
});

test("another seed is another path", async () => {
	const logs = logsOf(ticks(["a"], 3));
	const { clean } = await run(logs, { seed: { hi: 0, lo: 43 } });
	expect(clean).toBe(false);
});

test("dead letters of other topics are ignored", async () => {
	const logs = logsOf([tick("a", 0), source("a", "{")]);
	const [letter] = logs.deadLetter as [LogRecord];
	const headers = { ...letter.headers, "source-topic": "invoices" };
	const both = { ...logs, deadLetter: [{ ...letter, headers }, letter] };
	const { clean, counts } = await run(both);
	expect(clean).toBe(true);
	expect(counts).toMatchObject({ deadLetters: 2, deadLettersForeign: 1 });
});

test("an engine that keeps only the order within a device is clean", async () => {
	const logs = logsOf(ticks(DEVICES, 60));
	// Micro-batches of 30 records, each sorted by device.
	const grouped = spoiled(logs, "wiener", (records) => {
		const sorted: LogRecord[] = [];
		while (records.length > 0) {
			const batch = records.splice(0, 30);
			sorted.push(
				...DEVICES.flatMap((id) => batch.filter((r) => `${r.key}` === id)),
			);
		}
		return numbered(sorted);
	});
	expect(await run(grouped)).toMatchObject({ clean: true });
	expect(await run(grouped, { batchSize: 1 })).toMatchObject({ clean: true });
});

/** Random devices, seqs and times, including repeats, restarts, jumps and invalid ticks. */
const messyInput = fc.array(
	fc.oneof(
		{
			weight: 8,
			arbitrary: fc.tuple(fc.constantFrom("a", "b", "c"), fc.nat(30)),
		},
		{ weight: 1, arbitrary: fc.constant(undefined) },
	),
	{ maxLength: 60 },
);
const inputOf = (messy: (readonly [string, number] | undefined)[]) =>
	messy.map((item, i) =>
		item === undefined
			? source("a", "no tick")
			: tick(item[0], item[1] + Math.floor(i / 3), {
					timestamp: EPOCH + ((i * 7919) % 50) + i * 10,
				}),
	);

test("whatever the input and the batches, what the contract says is clean", async () => {
	await fc.assert(
		fc.asyncProperty(
			messyInput,
			fc.integer({ min: 1, max: 80 }),
			async (messy, batchSize) => {
				const logs = logsOf(inputOf(messy));
				const { findings, counts } = await run(logs, { batchSize });
				expect(findings).toEqual([]);
				expect(counts.applied).toBe(logs.wiener.length);
			},
		),
	);
});

test("the order in which the topics are handed in does not matter", () => {
	fc.assert(
		fc.property(messyInput, fc.array(fc.nat(2)), (messy, order) => {
			const logs = logsOf(inputOf(messy));
			const audit = auditOf({});
			const partition = audit.partition(rangeOf(logs, {}));
			const rest: Logs = copyOf(logs);
			const topics = ["metronome", "wiener", "deadLetter"] as const;
			for (const i of order) {
				const topic = topics[i] as (typeof topics)[number];
				const record = rest[topic].shift();
				if (record !== undefined) partition.take(topic, record);
			}
			for (const topic of topics) {
				for (const record of rest[topic]) partition.take(topic, record);
				partition.end(topic);
			}
			partition.finish();
			expect(audit.result().findings).toEqual([]);
		}),
	);
});

const copyOf = (logs: Logs): Logs => ({
	metronome: [...logs.metronome],
	wiener: [...logs.wiener],
	deadLetter: [...logs.deadLetter],
});

async function* of(records: readonly LogRecord[]) {
	yield records;
}

test("partitions share one result", async () => {
	const audit = auditOf({ partitions: 4 });
	for (const id of ["d", "e", "f", "g"]) {
		const where = { partition: partitionOf(Buffer.from(id), 4), partitions: 4 };
		const logs = logsOf(ticks([id], 5), where);
		await auditPartition(audit.partition(rangeOf(logs, where)), {
			metronome: of(logs.metronome),
			wiener: of(logs.wiener),
			deadLetter: of(logs.deadLetter),
		});
	}
	expect(audit.result()).toMatchObject({ clean: true });
	expect(audit.result().counts.applied).toBe(20);
});

test("a stream that fails fails the audit, and the others are closed", async () => {
	const closed: string[] = [];
	async function* stream(name: string, records: LogRecord[], error?: Error) {
		try {
			yield records;
			if (error !== undefined) throw error;
		} finally {
			closed.push(name);
		}
	}
	const logs = logsOf(ticks(["a"], 1));
	const partition = auditOf({}).partition(rangeOf(logs, {}));
	const broken = auditPartition(partition, {
		metronome: stream("metronome", logs.metronome, new Error("broker gone")),
		wiener: stream("wiener", logs.wiener),
		deadLetter: stream("dead-letter", []),
	});
	await expect(broken).rejects.toThrow("broker gone");
	// The dead letters were never read, so there was nothing to close.
	expect(closed).toEqual(["metronome", "wiener"]);
});
