import { expect, test } from "vitest";
import type { EventMapping } from "../src/event-mapping.ts";
import type { MappedRecord } from "../src/event-mapping-path.ts";
import { eventParser, WIENER_MAPPING, whyNoEvent } from "../src/index.ts";

const at = (...steps: string[]) => ({ of: "value", steps }) as const;
const MAPPING: EventMapping = {
	key: at("id"),
	time: at("t"),
	timeUnit: "ms",
	sequence: { of: "offset" },
	numbers: { value: at("v") },
};
const record = (value: Buffer | string | null): MappedRecord => ({
	key: null,
	value: typeof value === "string" ? Buffer.from(value) : value,
	timestamp: 1,
	offset: 7,
});

test.each([
	["no value", null],
	["no JSON", "temperature 7"],
	[
		"no JSON",
		Buffer.from(`0000000001${Buffer.from("{}").toString("hex")}`, "hex"),
	],
	["no JSON", '\ufeff{"id":"a","t":1,"v":2}'],
	["no key at id", "null"],
	["no key at id", '[{"id":"a","t":1,"v":2}]'],
	["no key at id", '{"id":true,"t":1,"v":2}'],
	["no time at t", '{"id":"a","time":1,"v":2}'],
	["no time at t", '{"id":"a","t":-1,"v":2}'],
	["no number at v", '{"id":"a","t":1}'],
	["no number at v", '{"id":"a","t":1,"v":"warm"}'],
	["no number at v", '{"id":"a","t":1,"v":null}'],
])("%s: %s", (why, value) => {
	expect(eventParser(MAPPING)(record(value))).toBeUndefined();
	expect(whyNoEvent(MAPPING)(record(value))).toBe(why);
});

test("records that only the Wiener contract refuses", () => {
	const whole =
		'{"deviceId":"d","seq":1,"timestamp":1,"dt":-1,"increment":0,"value":0,"drift":0,"volatility":1}';
	expect(eventParser(WIENER_MAPPING)(record(whole))).toBeUndefined();
	expect(whyNoEvent(WIENER_MAPPING)(record(whole))).toBe(
		"a field is out of its range",
	);
	expect(whyNoEvent(WIENER_MAPPING)(record('{"deviceId":"d"}'))).toBe(
		"no time at timestamp",
	);
});
