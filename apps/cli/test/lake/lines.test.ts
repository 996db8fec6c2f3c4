/** What `fireworks sql` and `fireworks lake` print. */
import { expect, test } from "vitest";
import { parseAnswer, refusalOf } from "../../src/lake/ask.ts";
import { type LakeTable, tableLines } from "../../src/lake/show-tables.ts";
import { answerLines, type SqlAnswer } from "../../src/lake/sql.ts";

const NOW = Date.parse("2026-11-30T12:00:00Z");
const ANSWER: SqlAnswer = {
	columns: [
		{ name: "deviceId", type: "VARCHAR" },
		{ name: "n", type: "BIGINT" },
	],
	rows: [
		["device-0001", 12],
		["a\u001b[31m", null],
	],
	truncated: false,
	ms: 12.4,
	tables: {
		wiener: { committedAt: NOW - 4_200 },
		metronome: { committedAt: null },
	},
};

test("rows are aligned, control characters are harmless, and each table's age is shown", () => {
	expect(answerLines(ANSWER, NOW, 200)).toEqual([
		"deviceId     n",
		"device-0001  12",
		"a\\u001b[31m  NULL",
		"",
		"2 rows (12 ms)",
		"wiener: as of 4.2 s ago",
		"metronome: nothing was committed yet",
	]);
});

test("an answer that is cut says so, a long value and a narrow terminal cut the line", () => {
	const lines = answerLines(
		{
			...ANSWER,
			columns: [{ name: "text", type: "VARCHAR" }],
			rows: [["x".repeat(1_000)]],
			truncated: true,
		},
		NOW,
		40,
	);
	expect(lines[1]).toBe("x".repeat(40));
	expect(lines[3]).toContain("The first 1 row; there are more");
});

test("a 64-bit integer keeps its digits", () => {
	expect(parseAnswer('{"rows":[[9007199254740993,1.5,7]]}')).toEqual({
		rows: [["9007199254740993", 1.5, 7]],
	});
});

test("a refusal is the service's own message", () => {
	const body = JSON.stringify({
		error: { code: "bad-sql", message: "no such table" },
	});
	expect(refusalOf({ status: 400, body })).toBe("no such table");
	expect(refusalOf({ status: 502, body: "" })).toBe("it answered 502");
});

const TABLE: LakeTable = {
	table: "wiener",
	state: "reading",
	error: null,
	refused: 0,
	lastCommitAt: new Date(NOW - 1_500).toISOString(),
	lag: { records: 3, seconds: 0.5 },
	size: { rows: 1_200, files: 4, bytes: 2_500_000, snapshots: 9 },
};

test("each table has its size, its lag, its newest commit and its error", () => {
	const stopped: LakeTable = {
		...TABLE,
		table: "weather",
		state: "stopped",
		error: "the column wind\nwould be text",
		lastCommitAt: null,
		lag: { records: null, seconds: null },
		size: null,
	};
	const [head, ...lines] = tableLines([TABLE, stopped], NOW, 200);
	const cells = (line = "") => line.split(/\s{2,}/);
	expect(cells(head)).toHaveLength(10);
	expect(lines.map(cells)).toEqual([
		["wiener", "reading", "1200", "4", "2.5 MB", "9", "3", "0", "1.5 s ago"],
		[
			...["weather", "stopped", "-", "-", "-", "-", "-", "0", "-"],
			"the column wind\\nwould be text",
		],
	]);
});

test("without tables it says where they come from", () => {
	expect(tableLines([], NOW, 200).join()).toContain("no tables yet");
});
