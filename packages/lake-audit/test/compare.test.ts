/** The comparison of a table's rows with its topic's records: each fault is named. */
import type { LogRecord } from "@fireworks/audit";
import { expect, test } from "vitest";
import { comparedRecords } from "../src/compare.ts";
import { RowFindings } from "../src/findings.ts";
import { OWN, type TableRow, type Value } from "../src/table-row.ts";

const FIELDS = ["deviceId", "seq", "timestamp", "value"];

const record = (offset: number): LogRecord => ({
	partition: 0,
	offset,
	key: Buffer.from("device-0001"),
	// Not in the columns' order, and with a space: the bytes need not be those that a row makes.
	value: Buffer.from(
		`{"seq":${offset}, "deviceId":"device-0001","timestamp":${1_000 * offset},"value":0.5}`,
	),
	timestamp: 5_000 + offset,
	headers: {},
});

const rowOf = (
	offset: number,
	others: Record<string, Value> = {},
): TableRow => ({
	offset,
	values: new Map<string, Value>(
		Object.entries({
			deviceId: "device-0001",
			seq: offset,
			timestamp: 1_000 * offset,
			value: 0.5,
			[OWN.time]: 1_000_000 * offset,
			[OWN.key]: "device-0001",
			[OWN.kafkaTime]: 1_000 * (5_000 + offset),
			...others,
		}),
	),
});

async function* batches<T>(all: readonly T[]): AsyncGenerator<readonly T[]> {
	for (let at = 0; at < all.length; at += 2) yield all.slice(at, at + 2);
}

async function compare(
	rows: readonly TableRow[],
	records: readonly LogRecord[],
	{ topicLow = 0, refused = [] as readonly LogRecord[] } = {},
) {
	const findings = new RowFindings(100);
	const passed: LogRecord[] = [];
	const of = {
		table: "wiener",
		partition: 0,
		fields: FIELDS,
		topicLow,
		refused: new Map(refused.map((one) => [one.offset, one])),
	};
	for await (const batch of comparedRecords(
		batches(rows),
		batches(records),
		of,
		findings,
	))
		passed.push(...batch);
	return {
		findings: findings.kept,
		total: findings.total,
		counts: findings.of("wiener"),
		offsets: passed.map(({ offset }) => offset),
		passed,
	};
}

// Offset 3 is the end of a transaction, which is no record.
const OFFSETS = [0, 1, 2, 4, 5, 6];
const ROWS = OFFSETS.map((offset) => rowOf(offset));
const RECORDS = OFFSETS.map(record);

test("equal sides: no findings, and the records are passed on", async () => {
	const { findings, counts, offsets } = await compare(ROWS, RECORDS);
	expect(findings).toEqual([]);
	expect(offsets).toEqual(OFFSETS);
	expect(counts).toEqual({ rows: 6, compared: 6, refused: 0 });
});

test.each(OFFSETS)("a missing row at %i", async (offset) => {
	const { findings, total, offsets } = await compare(
		ROWS.filter((row) => row.offset !== offset),
		RECORDS,
	);
	expect(total).toBe(1);
	expect(findings[0]).toMatchObject({
		kind: "missing-row",
		partition: 0,
		offset,
	});
	expect(offsets).toEqual(OFFSETS.filter((one) => one !== offset));
});

test.each(OFFSETS)("a doubled row at %i", async (offset) => {
	const doubled = ROWS.flatMap((row) =>
		row.offset === offset ? [row, row] : [row],
	);
	const { findings, total, offsets } = await compare(doubled, RECORDS);
	expect(total).toBe(1);
	expect(findings[0]).toMatchObject({ kind: "doubled-row", offset });
	expect(offsets.filter((one) => one === offset)).toHaveLength(2);
});

test.each<[string, Value]>([
	["value", 0.5000000000000001],
	["value", null],
	["seq", 7],
	["deviceId", "device-0002"],
	[OWN.time, 4_000_001],
	[OWN.key, null],
	[OWN.kafkaTime, null],
])("a row whose %s is %s", async (column, wrong) => {
	const rows = ROWS.with(3, rowOf(4, { [column]: wrong }));
	const { findings, total, passed } = await compare(rows, RECORDS);
	expect(total).toBe(1);
	expect(findings[0]).toMatchObject({ kind: "changed-row", offset: 4, column });
	expect(findings[0]?.found).toBe(String(wrong));
	// The paths are recomputed from what the table holds.
	if (column === "value")
		expect(JSON.parse(String(passed[3]?.value)).value).toBe(wrong ?? undefined);
});

test("a row of which the topic has no record", async () => {
	const { findings, total } = await compare(
		[...ROWS.slice(0, 3), rowOf(3), ...ROWS.slice(3)],
		RECORDS,
	);
	expect(total).toBe(1);
	expect(findings[0]).toMatchObject({ kind: "unknown-row", offset: 3 });
});

test("rows that are older than the topic are passed on as records, and doubled ones are found", async () => {
	const { findings, counts, offsets, passed } = await compare(
		[rowOf(0), rowOf(1), ...ROWS.slice(1)],
		RECORDS.slice(3),
		{ topicLow: 4 },
	);
	expect(findings).toMatchObject([{ kind: "doubled-row", offset: 1 }]);
	expect(offsets).toEqual([0, 1, 1, 2, 4, 5, 6]);
	expect(counts).toEqual({ rows: 7, compared: 3, refused: 0 });
	expect(JSON.parse(String(passed[0]?.value))).toEqual({
		deviceId: "device-0001",
		seq: 0,
		timestamp: 0,
		value: 0.5,
	});
	expect(passed[0]).toMatchObject({ timestamp: 5_000, partition: 0 });
	expect(String(passed[0]?.key)).toBe("device-0001");
});

test("a record that the lake refused needs no row, whether the topic still holds it or not", async () => {
	const { findings, counts, offsets } = await compare(
		ROWS.filter(({ offset }) => ![1, 5].includes(offset)),
		RECORDS.slice(2),
		{ topicLow: 2, refused: [record(1), record(5)] },
	);
	expect(findings).toEqual([]);
	expect(counts.refused).toBe(2);
	expect(offsets).toEqual(OFFSETS);
});

test("an empty table: every record is missing", async () => {
	const { total, offsets } = await compare([], RECORDS);
	expect(total).toBe(OFFSETS.length);
	expect(offsets).toEqual([]);
});
