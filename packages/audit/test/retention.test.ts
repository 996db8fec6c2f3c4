/**
 * Logs whose beginnings were removed by retention: paths begin at the first point where they still
 * can.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LogRecord } from "../src/index.ts";
import {
	EPOCH,
	findRecord,
	type Logs,
	logsOf,
	numbered,
	run,
	source,
	spoiled,
	tick,
	ticks,
	withFields,
} from "./stream.ts";

const whole = logsOf(ticks(["a", "b"], 20));

/** What is left when each topic begins at this offset. */
function cut(
	logs: Logs,
	start: Partial<Record<keyof Logs, number>>,
	more = {},
) {
	const left = { ...logs };
	for (const [topic, from] of Object.entries(start)) {
		const name = topic as keyof Logs;
		left[name] = logs[name].filter(({ offset }) => offset >= from);
	}
	return run(left, { start, ...more });
}

test.each([
	[
		"metronome",
		{ metronome: 13 },
		{
			baselines: 2,
			ticksBeforeBaseline: 0,
			recordsBeforeBaseline: 7,
			recordsRemoved: 0,
		},
	],
	[
		"wiener",
		{ wiener: 13 },
		{ baselines: 0, applied: 40, recordsBeforeBaseline: 0, recordsRemoved: 7 },
	],
	[
		"both",
		{ metronome: 20, wiener: 13 },
		{ baselines: 2, ticksBeforeBaseline: 0, recordsBeforeBaseline: 3 },
	],
	[
		"both, of wiener more",
		{ metronome: 13, wiener: 20 },
		{ baselines: 2, ticksBeforeBaseline: 3, recordsBeforeBaseline: 0 },
	],
])("the start of %s removed", async (_, start, expected) => {
	for (const batchSize of [1, 4, 100]) {
		const { findings, counts } = await cut(whole, start, { batchSize });
		expect(findings).toEqual([]);
		expect(counts).toMatchObject(expected);
	}
});

test("while all ticks are held, paths are recomputed from their very start", async () => {
	const wrong = spoiled(whole, "wiener", (records) =>
		records.map((record, i) =>
			i < 20 ? record : withFields(record, { value: 1 }),
		),
	);
	const { findings } = await cut(wrong, { wiener: 39 });
	expect(findings[0]).toMatchObject({
		kind: "changed-field",
		seq: 10,
		offset: 40,
	});
});

test("whatever was removed, what is left is clean, and faults in it are found", async () => {
	const mixed = logsOf([
		...ticks(["a", "b"], 10),
		source("a", "{"),
		tick("a", 3, { timestamp: EPOCH + 9500 }),
		...ticks(["a", "b", "c"], 20).slice(33),
		tick("b", 30, { timestamp: EPOCH }),
	]);
	const offset = fc.nat(50);
	await fc.assert(
		fc.asyncProperty(
			fc.record({ metronome: offset, wiener: offset, deadLetter: fc.nat(4) }),
			fc.integer({ min: 1, max: 60 }),
			async (start, batchSize) => {
				const { findings } = await cut(mixed, start, { batchSize });
				expect(findings).toEqual([]);
				const spoilt = spoiled(mixed, "wiener", (r) =>
					r.with(-1, withFields(r.at(-1) as LogRecord, { value: 5 })),
				);
				const found = await cut(spoilt, start, { batchSize });
				expect(found.findings).toMatchObject([
					{ kind: "changed-field", field: "value" },
				]);
			},
		),
	);
});

test("what the baseline's own tick says is compared, what depends on the lost state is not", async () => {
	const spoil = (fields: object) =>
		spoiled(whole, "wiener", (records) => {
			const victim = findRecord(records, "a", 8);
			return records.with(records.indexOf(victim), withFields(victim, fields));
		});
	const start = { metronome: 32 };
	const drift = await cut(spoil({ drift: 9 }), start);
	expect(drift.findings).toMatchObject([
		{ kind: "changed-field", field: "drift" },
	]);
	// The path continues from the changed value: the next increment fits, the next value does not.
	const value = await cut(spoil({ value: 9 }), start);
	expect(value.findingsTotal).toBe(11);
	expect(value.findings[0]).toMatchObject({ seq: 9, field: "value" });
});

test("a device that began after the cut is audited from its first tick", async () => {
	const logs = logsOf([...ticks(["a"], 5), ...ticks(["new"], 5)]);
	const { clean, counts } = await cut(logs, { metronome: 1, wiener: 1 });
	expect(clean).toBe(true);
	expect(counts).toMatchObject({ baselines: 2, applied: 7 });
});

describe("a device that neither topic can begin", () => {
	test("stopped before the metronome's start: its old records are passed over", async () => {
		const logs = logsOf([...ticks(["old"], 5), ...ticks(["a"], 10)]);
		const { clean, counts } = await cut(logs, { metronome: 11 });
		expect(clean).toBe(true);
		expect(counts.recordsBeforeBaseline).toBeGreaterThan(0);
	});

	test("stopped before the wiener's start: its old ticks are passed over", async () => {
		const logs = logsOf([...ticks(["old"], 5), ...ticks(["a"], 10)]);
		const { clean, counts } = await cut(logs, { wiener: 11 });
		expect(clean).toBe(true);
		expect(counts.recordsRemoved).toBe(6);
	});

	test("made up after the start of the others: a record without a tick", async () => {
		const ghost = withFields(
			{ ...(whole.wiener[30] as LogRecord), key: Buffer.from("g") },
			{ deviceId: "g" },
		);
		const haunted = spoiled(whole, "wiener", (r) =>
			numbered(r.toSpliced(30, 0, ghost)),
		);
		const { findings } = await cut(haunted, { metronome: 13 });
		expect(findings).toMatchObject([
			{ kind: "record-without-tick", deviceId: "g", offset: 60 },
		]);
	});

	test("never processed after the start of the others: its records are missing", async () => {
		const logs = logsOf([...ticks(["a"], 10), ...ticks(["n"], 3)]);
		const lost = spoiled(logs, "wiener", (r) =>
			r.filter(({ key }) => `${key}` === "a"),
		);
		const { findingsByKind } = await cut(lost, { metronome: 2, wiener: 2 });
		expect(findingsByKind).toEqual({ "missing-record": 3 });
	});
});

describe("dead letters", () => {
	const restarted = logsOf([
		...ticks(["a", "b"], 5),
		...Array.from({ length: 10 }, (_, seq) => [
			tick("a", seq % 4, { timestamp: EPOCH + 60_000 + seq }),
			tick("b", 5 + seq),
		]).flat(),
	]);

	test("a device whose clock restarted before the cut is refused by a state that is gone", async () => {
		for (const batchSize of [1, 5, 100]) {
			const { findings, counts } = await cut(
				restarted,
				{ metronome: 20, wiener: 20 },
				{ batchSize },
			);
			expect(findings).toEqual([]);
			expect(counts.deadLettersBeforeStart).toBe(10);
		}
	});

	test("codes that need no state are checked before the path's beginning too", async () => {
		const logs = logsOf([
			source("a", "{"),
			...ticks(["a"], 5),
			source("a", "["),
		]);
		const none = spoiled(logs, "deadLetter", () => []);
		const { findings } = await cut(none, { wiener: 3 });
		expect(findings.map(({ kind }) => kind)).toEqual([
			"missing-dead-letter",
			"missing-dead-letter",
		]);
	});

	test("those whose sources are gone are passed over", async () => {
		const logs = logsOf([source("a", "{"), ...ticks(["a"], 5)]);
		const { clean, counts } = await cut(logs, { metronome: 1 });
		expect(clean).toBe(true);
		expect(counts.deadLettersBeforeStart).toBe(1);
	});

	test("those that retention removed are not missing, later ones are", async () => {
		const logs = logsOf([
			source("a", "{"),
			source("a", "["),
			source("a", "}"),
			source("a", "]"),
		]);
		const { clean, counts } = await cut(logs, { deadLetter: 3 });
		expect(clean).toBe(true);
		expect(counts.deadLettersRemoved).toBe(2);
		const holed = spoiled(logs, "deadLetter", (letters) =>
			letters.toSpliced(2, 1),
		);
		const { findings } = await cut(holed, { deadLetter: 1 });
		expect(findings).toMatchObject([
			{ kind: "missing-dead-letter", offset: 4 },
		]);
	});
});
