/** Faults in `dead-letter`, each added to a stream that is clean without it. */
import { describe, expect, test } from "vitest";
import type { LogRecord } from "../src/index.ts";
import { logsOf, numbered, run, source, spoiled, tick } from "./stream.ts";

// The refused records are at the offsets 2, 4 and 8.
const logs = logsOf([
	tick("a", 0),
	source("a", "{"),
	source("b", JSON.stringify({ deviceId: "b", seq: -1 })),
	tick("a", 1),
	tick("a", 0, { timestamp: 8e15 }),
	tick("a", 2),
]);
const [first, second] = logs.deadLetter as [LogRecord, LogRecord, LogRecord];

const runWith = (
	change: (letters: LogRecord[]) => LogRecord[],
	setup: Parameters<typeof run>[1] = {},
) =>
	run(
		spoiled(logs, "deadLetter", (letters) => numbered(change(letters))),
		setup,
	);
const withHeaders = (letter: LogRecord, headers: Record<string, string>) => ({
	...letter,
	headers: { ...letter.headers, ...headers },
});

test("a stream without faults is clean", async () => {
	expect(logs.deadLetter).toHaveLength(3);
	expect(await run(logs)).toMatchObject({ clean: true });
});

test("missing: named by the refused record", async () => {
	const { findings } = await runWith((letters) => letters.toSpliced(2, 1));
	expect(findings).toEqual([
		{
			kind: "missing-dead-letter",
			topic: "metronome",
			partition: 0,
			offset: 8,
			deviceId: "a",
			seq: 0,
			expected: "a dead letter with code clock-restarted",
			found: "none",
		},
	]);
});

test("all missing", async () => {
	const { findingsByKind } = await runWith(() => []);
	expect(findingsByKind).toEqual({ "missing-dead-letter": 3 });
});

test.each([1, 3])("doubled, written as number %d", async (where) => {
	for (const batchSize of [1, 3, 100]) {
		const { findings } = await runWith((l) => l.toSpliced(where, 0, first), {
			batchSize,
		});
		expect(findings).toMatchObject([
			{
				kind: "duplicated-dead-letter",
				topic: "dead-letter",
				offset: where * 2,
			},
		]);
	}
});

describe("wrong", () => {
	test("the code", async () => {
		const wrong = withHeaders(second, { "error-code": "bad-json" });
		const { findings } = await runWith((letters) => letters.with(1, wrong));
		expect(findings).toMatchObject([
			{
				kind: "wrong-dead-letter",
				offset: 2,
				field: "error-code",
				expected: "bad-field",
				found: "bad-json",
			},
		]);
	});

	test.each(["key", "value"] as const)("the bytes of the %s", async (field) => {
		const wrong = { ...second, [field]: Buffer.from("other") };
		const { findings } = await runWith((letters) => letters.with(1, wrong));
		expect(findings).toMatchObject([
			{
				kind: "wrong-dead-letter",
				field,
				found: expect.stringMatching(/^5 bytes, sha256 [0-9a-f]{64}$/),
			},
		]);
	});

	test("empty is not null", async () => {
		const noValue = logsOf([source("a", "")]);
		const { findings } = await run(
			spoiled(noValue, "deadLetter", ([letter]) => [
				{ ...(letter as LogRecord), value: null },
			]),
		);
		expect(findings).toMatchObject([{ field: "value", found: "null" }]);
	});

	test("the source's partition", async () => {
		const wrong = withHeaders(second, { "source-partition": "3" });
		const { findingsByKind } = await runWith((letters) =>
			letters.with(1, wrong),
		);
		expect(findingsByKind).toEqual({
			"wrong-partition": 1,
			"missing-dead-letter": 1,
		});
	});
});

test.each([
	["a tick that was applied", "0"],
	["an offset between two records", "3"],
	["an offset past the end", "1000"],
])("for %s: unexpected", async (_, sourceOffset) => {
	const extra = withHeaders(first, { "source-offset": sourceOffset });
	for (const batchSize of [1, 3, 100]) {
		const { findings } = await runWith((letters) => [extra, ...letters], {
			batchSize,
		});
		expect(findings).toMatchObject([
			{ kind: "unexpected-dead-letter", offset: 0 },
		]);
	}
});

test("for an offset past the end, where later ticks may have led to it: only counted", async () => {
	const extra = withHeaders(first, { "source-offset": "1000" });
	const { clean, counts } = await runWith((letters) => [...letters, extra], {
		ticksCoverRecords: false,
	});
	expect(clean).toBe(true);
	expect(counts.deadLettersBeyondEnd).toBe(1);
});

test.each([
	["source-topic", "no header source-topic"],
	["error-code", "no header error-code"],
	["source-partition", "header source-partition is not a whole number"],
	["source-offset", "header source-offset is not a whole number"],
])("unreadable without the header %s", async (name, why) => {
	const { [name]: _, ...headers } = first.headers;
	const { findings } = await runWith((letters) => [
		...letters,
		{ ...first, headers },
	]);
	expect(findings).toMatchObject([
		{ kind: "unreadable-record", topic: "dead-letter", found: why },
	]);
});

test("doubled longer ago than the audit remembers: still a finding", async () => {
	const { findings } = await runWith((letters) => [...letters, first], {
		limits: { deadLettersPerPartitionMax: 1 },
		batchSize: 1,
	});
	expect(findings.map(({ kind }) => kind)).toEqual(["unexpected-dead-letter"]);
});
