import fc from "fast-check";
import { expect, test } from "vitest";
import {
	encodeWiener,
	eventParser,
	type MappedRecord,
	parseSettings,
	parseWiener,
	SettingsError,
	WIENER_MAPPING,
} from "../src/index.ts";

const NAMES = [
	"middlewareKeyPath",
	"middlewareTimePath",
	"middlewareTimeUnit",
	"middlewareSequencePath",
	"middlewareNumberPaths",
	"middlewareNames",
	"middlewareUnits",
] as const;

/** The parser of FIREWORKS_MIDDLEWARE_<NAME> variables. */
function parserOf(variables: Record<string, string>) {
	const settings = parseSettings(
		Object.fromEntries(
			Object.entries(variables).map(([name, value]) => [
				`FIREWORKS_MIDDLEWARE_${name}`,
				value,
			]),
		),
		NAMES,
	);
	return eventParser({
		key: settings.middlewareKeyPath,
		time: settings.middlewareTimePath,
		timeUnit: settings.middlewareTimeUnit,
		sequence: settings.middlewareSequencePath,
		numbers: settings.middlewareNumberPaths,
	});
}
const record = (
	value: unknown,
	more: Partial<MappedRecord> = {},
): MappedRecord => ({
	key: Buffer.from("the-key"),
	value: Buffer.from(typeof value === "string" ? value : JSON.stringify(value)),
	timestamp: 1_700_000_000_000,
	offset: 42,
	...more,
});

test("without settings: exactly the contract's Wiener records", () => {
	const parse = parserOf({});
	const wiener = {
		deviceId: "d",
		seq: 1,
		timestamp: 2_000,
		dt: 1,
		increment: 0.5,
		value: 1.5,
		drift: 0,
		volatility: 1,
	};
	const text = encodeWiener('"d"', wiener);
	expect(parse(record(text))).toEqual(wiener);
	for (const change of [{ dt: "1" }, { dt: -1 }, { seq: 1.5 }, { drift: null }])
		expect(parse(record({ ...wiener, ...change }))).toBeUndefined();
	expect(parse(record("", { value: null }))).toBeUndefined();
});

test("property: a mapping that says the same in other words takes every Wiener record to the same event", () => {
	const parse = eventParser({
		...WIENER_MAPPING,
		sequence: { of: "value", steps: ["nested", "seq"] },
	});
	const number = fc.double({ noNaN: true, noDefaultInfinity: true });
	fc.assert(
		fc.property(
			fc.string({ minLength: 1 }),
			fc.maxSafeNat(),
			fc.nat(),
			number,
			number,
			(deviceId, seq, timestamp, increment, value) => {
				const more = { timestamp, dt: 1, increment, value };
				const json = {
					...{ deviceId, seq, ...more, drift: 0, volatility: 1 },
					nested: { seq },
				};
				const text = JSON.stringify(json);
				expect(parse(record(text))).toEqual(parseWiener(Buffer.from(text)));
			},
		),
	);
});

test("nested names, a pointer, an index, seconds, and what is not named", () => {
	const parse = parserOf({
		KEY_PATH: "device.id",
		TIME_PATH: "at",
		TIME_UNIT: "s",
		SEQUENCE_PATH: "@offset",
		NUMBER_PATHS: "value=/readings/1/deg.c, volatility=sigma",
	});
	expect(
		parse(
			record({
				device: { id: 7 },
				at: 1_767_225_600.5,
				readings: [{}, { "deg.c": "21.5" }],
				sigma: 2,
			}),
		),
	).toEqual({
		deviceId: "7",
		seq: 42,
		timestamp: 1_767_225_600_500,
		value: 21.5,
		drift: 0,
		volatility: 2,
	});
});

test("everything from the record itself, and the value a bare number", () => {
	const parse = parserOf({
		KEY_PATH: "@key",
		TIME_PATH: "@timestamp",
		TIME_UNIT: "iso",
		SEQUENCE_PATH: "@offset",
		NUMBER_PATHS: "value=@value",
	});
	expect(parse(record("21.5"))).toMatchObject({
		deviceId: "the-key",
		timestamp: 1_700_000_000_000,
		value: 21.5,
	});
	for (const more of [{ key: null }, { key: Buffer.alloc(0) }, { value: null }])
		expect(parse(record("21.5", more))).toBeUndefined();
	// The timestamp of a derived topic is the time of the append.
	const headers = { "event-time": "1356998400000" };
	expect(parse(record("21.5", { headers }))?.timestamp).toBe(1_356_998_400_000);
});

test("units of time", () => {
	const at = (TIME_UNIT: string, time: unknown) =>
		parserOf({ TIME_UNIT, NUMBER_PATHS: "value=v" })(
			record({ deviceId: "d", seq: 0, timestamp: time, v: 1 }),
		)?.timestamp;
	expect(at("ms", 1_500)).toBe(1_500);
	expect(at("s", "1.5")).toBe(1_500);
	expect(at("us", 1_500_000)).toBe(1_500);
	expect(at("ns", 1_500_000_000)).toBeCloseTo(1_500);
	expect(at("iso", "1970-01-01T01:00:01.5+01:00")).toBe(1_500);
	for (const [unit, time] of [
		["ms", -1],
		["ms", "1970-01-01"],
		["iso", 1_500],
		["iso", "soon"],
		["s", 1e300],
	] as const)
		expect(at(unit, time)).toBeUndefined();
});

test("a record without what the mapping names makes no event", () => {
	const parse = parserOf({ NUMBER_PATHS: "value=a.b" });
	const good = { deviceId: "d", seq: 0, timestamp: 1, a: { b: 1 } };
	expect(parse(record(good))).toBeDefined();
	for (const change of [
		{ a: undefined },
		{ a: 1 },
		{ a: null },
		{ a: { b: "much" } },
		{ a: { b: true } },
		{ a: { b: [1] } },
		{ seq: -1 },
		{ seq: 0.5 },
		{ deviceId: {} },
		{ deviceId: "" },
	])
		expect(parse(record({ ...good, ...change }))).toBeUndefined();
	for (const text of ["", "null", "{", '"text"'])
		expect(parse(record(text))).toBeUndefined();
});

test("names of every object are not found in one that does not have them", () => {
	const parse = parserOf({ KEY_PATH: "constructor.name" });
	expect(parse(record({ seq: 0, timestamp: 1, value: 1 }))).toBeUndefined();
});

test("wrong settings: all problems at once, each with what was expected", () => {
	const wrong = {
		FIREWORKS_MIDDLEWARE_KEY_PATH: "a..b",
		FIREWORKS_MIDDLEWARE_TIME_PATH: "@time",
		FIREWORKS_MIDDLEWARE_TIME_UNIT: "minutes",
		FIREWORKS_MIDDLEWARE_SEQUENCE_PATH: "",
		FIREWORKS_MIDDLEWARE_NUMBER_PATHS: "dt=seconds",
		FIREWORKS_MIDDLEWARE_NAMES: "values=Temperature",
		FIREWORKS_MIDDLEWARE_UNITS: "value",
	};
	let problems: SettingsError["problems"] = [];
	try {
		parseSettings(wrong, NAMES);
	} catch (error) {
		problems = (error as SettingsError).problems;
	}
	expect(problems.map((p) => p.name)).toEqual(Object.keys(wrong));
	for (const { expected } of problems)
		expect(expected.length).toBeGreaterThan(9);
	for (const text of ["value=a,value=b", "value=a,b", "value=", "x=a,value=b"])
		expect(() => parserOf({ NUMBER_PATHS: text })).toThrow(SettingsError);
});
