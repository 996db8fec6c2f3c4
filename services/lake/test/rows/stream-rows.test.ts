import { defineStream, int64 } from "@fireworks/pipeline";
import type { LogRecord } from "@fireworks/streams";
import { expect, test } from "vitest";
import { z } from "zod";
import type { Made } from "../../src/rows/row-maker.ts";
import { streamRows } from "../../src/rows/stream-rows.ts";

const { description } = defineStream({
	name: "readings",
	schema: z.object({
		at: z.iso.datetime({ offset: true }),
		id: int64().optional(),
		value: z.number().nullish(),
		ok: z.boolean().optional(),
		text: z.string().optional(),
		nested: z.unknown(),
	}),
	time: { path: "at" },
	measures: { value: {}, id: {} },
});
const rows = streamRows({ ...description, version: 1 });
const maker = rows.maker(rows.columns);
const AT = "2026-01-01T00:00:00.123Z";
const AT_US = BigInt(Date.parse(AT)) * 1_000n;

const recordOf = (
	value: string | Buffer | null,
	more: Partial<LogRecord> = {},
): LogRecord => ({
	topic: "readings",
	partition: 3,
	offset: 7,
	key: Buffer.from("device-1"),
	value: typeof value === "string" ? Buffer.from(value) : value,
	timestamp: 1_000,
	headers: {},
	...more,
});
const made = (value: string | Buffer | null, more?: Partial<LogRecord>) =>
	maker.row(recordOf(value, more));
const cellOf = (name: string, value: string, more?: Partial<LogRecord>) => {
	const { row, refusal } = made(value, more);
	if (row === undefined) throw new Error(refusal?.message);
	return row[rows.columns.findIndex((column) => column.name === name)];
};
const withField = (json: string) => `{"at":"${AT}",${json}}`;

test("a row has the fields, the event time, the key and the place in Kafka", () => {
	expect(
		made(withField(`"id":5,"value":1.5,"ok":true,"text":"ü","nested":[1]`)),
	).toEqual({
		row: [AT, 5, 1.5, true, "ü", "[1]", AT_US, "device-1", 3, 7, 1_000_000n],
		surplus: false,
	});
});

test("integers keep all their digits, up to 64 bits, also inside of JSON", () => {
	const cases = [
		["9007199254740993", 9007199254740993n],
		["9223372036854775807", 9223372036854775807n],
		["-9223372036854775808", -9223372036854775808n],
		["1e17", 100000000000000000n],
		["-0", -0],
		["12", 12],
	] as const;
	for (const [text, cell] of cases)
		expect(cellOf("id", withField(`"id":${text}`))).toBe(cell);
	expect(
		cellOf("nested", withField(`"nested":{"ids":[9223372036854775808]}`)),
	).toBe(`{"ids":[9223372036854775808]}`);
});

test("null and absent are no value; null as JSON too", () => {
	for (const json of [
		`{"at":"${AT}"}`,
		withField(`"id":null,"value":null,"nested":null`),
	])
		for (const name of ["id", "value", "nested"])
			expect(cellOf(name, json)).toBeNull();
});

test("a field that every JavaScript object has is not taken for one of the record", () => {
	const { description: odd } = defineStream({
		name: "odd",
		schema: z.object({ constructor: z.unknown() }),
		time: "@timestamp",
	});
	const oddRows = streamRows({ ...odd, version: 1 });
	expect(
		oddRows.maker(oddRows.columns).row(recordOf("{}")).row?.[0],
	).toBeNull();
});

test("times before 1970 and at the ends of time are exact", () => {
	const at = (iso: string) => cellOf("event_time", `{"at":"${iso}"}`);
	expect(at("1969-12-31T23:59:59.999Z")).toBe(-1_000n);
	expect(at("0001-01-01T00:00:00Z")).toBe(-62_135_596_800_000_000n);
	expect(at("9999-12-31T23:59:59.999Z")).toBe(253_402_300_799_999_000n);
	const ends = (timestamp: number) =>
		cellOf("kafka_time", `{"at":"${AT}"}`, { timestamp });
	expect(ends(-1)).toBeNull();
	expect(ends(Number.MAX_SAFE_INTEGER)).toBeNull();
	expect(ends(-5)).toBe(-5_000n);
});

test("keys: text, none, and bytes that are not UTF-8", () => {
	const key = (bytes: Buffer | null) =>
		cellOf("record_key", `{"at":"${AT}"}`, { key: bytes });
	expect(key(Buffer.from("zoë"))).toBe("zoë");
	expect(key(null)).toBeNull();
	expect(key(Buffer.from([0xff, 0]))).toBe("hex:ff00");
	expect(key(Buffer.from("hex:"))).toBe("hex:6865783a");
});

test.each([
	[null, "no-value", null],
	[Buffer.from([0x7b, 0xff]), "bad-encoding", null],
	["{", "bad-json", null],
	["[]", "not-an-object", null],
	["{}", "bad-time", "at"],
	[`{"at":"yesterday"}`, "bad-time", "at"],
	[withField(`"id":1.5`), "bad-field", "id"],
	[withField(`"id":9223372036854775808`), "bad-field", "id"],
	[withField(`"id":"5"`), "bad-field", "id"],
	[withField(`"value":"1"`), "bad-field", "value"],
	[withField(`"value":1e999`), "bad-field", "value"],
	[withField(`"value":9007199254740993`), "bad-field", "value"],
	[withField(`"ok":1`), "bad-field", "ok"],
	[withField(`"text":5`), "bad-field", "text"],
	[withField(`"text":"\\ud800"`), "bad-field", "text"],
])("refused: %s", (value, code, field) => {
	expect(made(value).refusal).toMatchObject({ code, field });
	// The next record is not touched by it.
	expect(cellOf("id", withField(`"id":1`))).toBe(1);
});

test("a required field that is missing or null is refused, unless the table's column is optional", () => {
	const { description: strict } = defineStream({
		name: "strict",
		schema: z.object({ n: z.int() }),
		time: "@timestamp",
	});
	const strictRows = streamRows({ ...strict, version: 1 });
	const eased = strictRows.columns.map((one) => ({ ...one, required: false }));
	for (const value of ["{}", `{"n":null}`]) {
		const { refusal } = strictRows
			.maker(strictRows.columns)
			.row(recordOf(value));
		expect(refusal).toMatchObject({ code: "bad-field", field: "n" });
		expect(strictRows.maker(eased).row(recordOf(value)).row?.[0]).toBeNull();
	}
});

test("a time of Kafka's own that no table can hold is refused", () => {
	const { description: own } = defineStream({
		name: "own",
		schema: z.object({}),
		time: "@timestamp",
	});
	const ownRows = streamRows({ ...own, version: 1 });
	const { refusal } = ownRows
		.maker(ownRows.columns)
		.row(recordOf("{}", { timestamp: 8.7e15 }));
	expect(refusal?.code).toBe("time-out-of-range");
});

test("columns that the schema lost are empty; fields that it does not have are noticed", () => {
	const wider = rows.maker([
		{ name: "was", type: "long", required: false },
		...rows.columns,
	]);
	const { row, surplus } = wider.row(recordOf(withField(`"was":1`))) as Made & {
		row: readonly unknown[];
	};
	expect([row.slice(0, 2), surplus]).toEqual([[null, AT], true]);
});
