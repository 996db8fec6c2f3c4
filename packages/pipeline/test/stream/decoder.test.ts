import { expect, test } from "vitest";
import { z } from "zod";
import {
	defineStream,
	int64,
	recordDecoder,
	stringifyLossless,
	type TimeSpec,
	validatorOf,
	validatorOfZod,
} from "../../src/index.ts";

const stream = defineStream({
	name: "s",
	schema: z.object({
		id: int64(),
		at: z.int(),
		v: z.number().nullable().optional(),
		w: z.number().nullable(),
	}),
	key: "id",
	time: { path: "at", unit: "ms" },
	measures: { v: {}, w: {} },
});
const decoder = recordDecoder(stream.description);
const decode = (text: string) => decoder.bytes(Buffer.from(text), 0);

test("key, time, measures in the definition's order, and the value", () => {
	expect(decode('{"id":7,"at":5,"w":-2.5,"v":1,"more":true}').record).toEqual({
		key: "7",
		time: 5,
		measures: [1, -2.5],
		value: { id: 7, at: 5, w: -2.5, v: 1, more: true },
	});
	expect(decode('{"id":7,"at":5,"w":null}').record?.measures).toEqual([
		null,
		null,
	]);
});

test("64-bit ids keep their digits: two devices stay two", () => {
	const keys = ["9007199254740993", "9007199254740992", "-9223372036854775808"];
	expect(
		keys.map((id) => decode(`{"id":${id},"at":1,"w":0}`).record?.key),
	).toEqual(keys);
	const { record } = decode('{"id":9007199254740993,"at":1,"w":0}');
	expect(stringifyLossless(record?.value)).toBe(
		'{"id":9007199254740993,"at":1,"w":0}',
	);
});

test.each([
	["", "no-value", null],
	["nope", "bad-json", null],
	["[1]", "not-an-object", null],
	["null", "not-an-object", null],
	['{"at":1,"w":0}', "bad-key", "id"],
	['{"id":1.5,"at":1,"w":0}', "bad-key", "id"],
	['{"id":"","at":1,"w":0}', "bad-key", "id"],
	['{"id":1,"w":0}', "bad-time", "at"],
	['{"id":1,"at":"1","w":0}', "bad-time", "at"],
	['{"id":1,"at":1e16,"w":0}', "time-out-of-range", "at"],
	['{"id":1,"at":1,"w":"0"}', "bad-measure", "w"],
	['{"id":1,"at":1,"w":1e999}', "bad-measure", "w"],
	['{"id":1,"at":1,"w":9007199254740993}', "bad-measure", "w"],
])("refused: %s", (text, code, field) => {
	const { refusal } = decode(text);
	expect([refusal?.code, refusal?.field]).toEqual([code, field]);
});

test("bytes that are not UTF-8 are refused, not replaced", () => {
	const bytes = Buffer.from('{"id":"\xff","at":1,"w":0}', "latin1");
	expect(decoder.bytes(bytes, 0).refusal?.code).toBe("bad-encoding");
});

test("a byte order mark and a schema registry's header are skipped", () => {
	const text = '{"id":1,"at":1,"w":0}';
	expect(decode(`\ufeff${text}`).record?.key).toBe("1");
	const header = Buffer.from([0, 0, 0, 0, 12]);
	expect(
		decoder.bytes(Buffer.concat([header, Buffer.from(text)]), 0).record?.key,
	).toBe("1");
});

test("a path does not reach what an object inherits", () => {
	const keyed = recordDecoder({
		...stream.description,
		key: "constructor.name",
	});
	expect(keyed.json({ at: 1, w: 0 }, 0).refusal?.code).toBe("bad-key");
});

test("without a key the records have none; @timestamp is the record's own time", () => {
	const { record } = recordDecoder({
		...stream.description,
		key: null,
		time: "@timestamp",
	}).json({ w: 1 }, 42);
	expect(record).toMatchObject({ key: null, time: 42, measures: [null, 1] });
});

test.each([
	["the definition's own schema", validatorOfZod(stream.schema)],
	["the catalog's JSON Schema", validatorOf(stream.description.schema)],
])("validated by %s", (_kind, validate) => {
	const checked = recordDecoder(stream.description, { validate });
	const read = (text: string) => checked.bytes(Buffer.from(text), 0);
	expect(read('{"id":9007199254740993,"at":1,"w":0}').record?.key).toBe(
		"9007199254740993",
	);
	const { refusal } = read('{"id":1,"at":1,"w":"x"}');
	expect(refusal).toMatchObject({ code: "bad-field", field: "w" });
	expect(read('{"id":1,"at":9007199254740993,"w":0}').refusal).toMatchObject({
		code: "bad-field",
		field: "at",
	});
});

const epochs: [TimeSpec, string, number][] = [
	[{ path: "at", unit: "s" }, "1790000000.25", 1_790_000_000_250],
	[{ path: "at", unit: "us" }, "1790000000000999", 1_790_000_000_000],
	[{ path: "at", unit: "ns" }, "1790000000000000001", 1_790_000_000_000],
	[{ path: "at", unit: "ns" }, "-1790000000000000001", -1_790_000_000_001],
];
test.each(epochs)("epoch %o", (time, at, expected) => {
	const { record } = recordDecoder({ ...stream.description, time }).bytes(
		Buffer.from(`{"id":1,"at":${at},"w":0}`),
		0,
	);
	expect(record?.time).toBe(expected);
});
