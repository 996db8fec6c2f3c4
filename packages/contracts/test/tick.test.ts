import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { REFUSED_CODES, Refused } from "../src/refused.ts";
import { parseTick } from "../src/tick.ts";
import { tickSchema } from "../src/tick-schema.ts";

const good = {
	deviceId: "d",
	seq: 1,
	timestamp: 1000,
	drift: 0,
	volatility: 1,
};

const parse = (key: string | Buffer | null, value: string | Buffer | null) =>
	parseTick(
		typeof key === "string" ? Buffer.from(key) : key,
		typeof value === "string" ? Buffer.from(value) : value,
	);

function codeOf(run: () => unknown): string {
	try {
		run();
	} catch (error) {
		if (error instanceof Refused) return error.code;
		throw error;
	}
	return "none";
}

test("a tick keeps its five fields and no other", () => {
	const value = JSON.stringify({ extra: [1], ...good });
	expect(parse("d", value)).toEqual(good);
});

test("17.0 and 2e3 are integers, -0 is 0", () => {
	const tick = parse(
		"d",
		'{"deviceId":"d","seq":17.0,"timestamp":2e3,"drift":-0,"volatility":-0.0}',
	);
	expect(tick).toStrictEqual({
		deviceId: "d",
		seq: 17,
		timestamp: 2000,
		drift: 0,
		volatility: 0,
	});
	expect(parse("d", JSON.stringify(good).replace("1,", "-0,")).seq).toBe(0);
});

test.each([
	["a field of the object's prototype", "toString"],
	["__proto__ with the fields", "__proto__"],
])("%s is not a field", (_, name) => {
	const { seq, ...rest } = good;
	const value = `{"${name}":{"seq":${seq}},${JSON.stringify(rest).slice(1)}`;
	expect(codeOf(() => parse("d", value))).toBe("bad-field");
});

test("the last of two equal fields counts", () => {
	const value = `{"seq":"no",${JSON.stringify(good).slice(1)}`;
	expect(parse("d", value)).toEqual(good);
});

describe("encoding", () => {
	const withId = (...bytes: number[]) =>
		Buffer.concat([
			Buffer.from(
				'{"seq":1,"timestamp":1,"drift":0,"volatility":0,"deviceId":"',
			),
			Buffer.from(bytes),
			Buffer.from('"}'),
		]);

	test.each([
		["a lone continuation", [0x80]],
		["an overlong form", [0xc0, 0xaf]],
		["a surrogate", [0xed, 0xa0, 0x80]],
		["above U+10FFFF", [0xf4, 0x90, 0x80, 0x80]],
	])("%s is not UTF-8", (_, bytes) => {
		const value = withId(...bytes);
		expect(codeOf(() => parse("d", value))).toBe("bad-encoding");
	});

	test("U+FEFF inside the text is a character as others", () => {
		expect(parse("\ufeff", withId(0xef, 0xbb, 0xbf)).deviceId).toBe("\ufeff");
	});

	test("a key that is not UTF-8 equals no DeviceID, not even U+FFFD", () => {
		const value = JSON.stringify({ ...good, deviceId: "\ufffd" });
		expect(codeOf(() => parse(Buffer.from([0xff]), value))).toBe("bad-key");
		expect(parse("\ufffd", value).deviceId).toBe("\ufffd");
	});
});

test("a message names the field and what it must be", () => {
	expect(() => parse("d", '{"deviceId":"d","seq":-1}')).toThrow(
		"seq: an integer from 0 to 9007199254740991",
	);
});

test("the codes are a closed set without doubles", () => {
	expect(new Set(REFUSED_CODES).size).toBe(9);
});

// Compares parsed JSON, not the values as fast-check made them: JSON has no undefined, NaN or
// Infinity.
const deviceId = fc.oneof(
	fc.string({ unit: "binary", maxLength: 130 }),
	fc.string({ unit: "grapheme", minLength: 100, maxLength: 150 }),
	fc
		.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 3 })
		.map((units) => String.fromCharCode(...units)),
	fc.constantFrom(
		"x".repeat(128),
		"💥".repeat(128),
		"💥".repeat(129),
		"\x7f",
		5,
	),
);
const number = fc.oneof(
	fc.double(),
	fc.integer(),
	fc.maxSafeInteger(),
	fc.constantFrom(0, -0, 2 ** 53 - 1, 2 ** 53, 8.64e15, 8.64e15 + 1, 0.5, -1),
	fc.constantFrom("1", true, [1], {}),
);
const tickLike = fc.record(
	{
		deviceId,
		seq: number,
		timestamp: number,
		drift: number,
		volatility: number,
	},
	{ requiredKeys: [] },
);
const sane = fc.record({
	deviceId: fc.string({ unit: "binary", minLength: 1, maxLength: 128 }),
	seq: fc.maxSafeNat(),
	timestamp: fc.nat(),
	drift: fc.double({ noNaN: true, noDefaultInfinity: true }),
	volatility: fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }),
});

test("the schema and the parser accept the same ticks", () => {
	const outcomes = { accepted: 0, refused: 0 };
	fc.assert(
		fc.property(fc.oneof(tickLike, sane, fc.jsonValue()), (candidate) => {
			const text = JSON.stringify(candidate);
			const bySchema = tickSchema.safeParse(JSON.parse(text));
			const id = (candidate as { deviceId?: unknown } | null)?.deviceId;
			const byHand = codeOf(() =>
				parse(typeof id === "string" ? id : "", text),
			);
			expect(byHand === "none").toBe(bySchema.success);
			outcomes[bySchema.success ? "accepted" : "refused"]++;
			if (!bySchema.success) return;
			const tick = parse(bySchema.data.deviceId, text);
			const { deviceId: name, ...numbers } = bySchema.data;
			expect(tick.deviceId).toBe(name);
			for (const [field, x] of Object.entries(numbers)) {
				expect(tick[field as keyof typeof numbers]).toBe(x + 0);
			}
		}),
		{ numRuns: 3000 },
	);
	expect(outcomes.accepted).toBeGreaterThan(100);
	expect(outcomes.refused).toBeGreaterThan(100);
});
