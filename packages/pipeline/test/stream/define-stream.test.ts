import { expect, test } from "vitest";
import { z } from "zod";
import {
	DefinitionError,
	defineStream,
	int64,
	topicOf,
} from "../../src/index.ts";

const schema = z.object({
	station: z.string(),
	at: z.iso.datetime({ offset: true }),
	temperature: z.number().nullable(),
	wind: z.number().nullable().optional(),
	code: z.string().optional(),
	place: z.object({ id: int64(), name: z.string().nullable() }),
});

const problems = (options: object): string[] => {
	try {
		defineStream({ name: "s", schema, time: { path: "at" }, ...options });
	} catch (error) {
		if (error instanceof DefinitionError)
			return error.problems.map(({ at, problem }) => `${at}: ${problem}`);
		throw error;
	}
	return [];
};

test("a right definition becomes a description without defaults left open", () => {
	const { description } = defineStream({
		name: "readings",
		schema,
		key: "station",
		time: { path: "at" },
		measures: { temperature: { unit: "°C" }, wind: {} },
	});
	const { schema: json, ...rest } = description;
	expect(rest).toEqual({
		name: "readings",
		key: "station",
		time: { path: "at" },
		measures: { temperature: { unit: "°C" }, wind: {} },
		retention: { ms: 604_800_000, by: "append" },
		table: true,
	});
	expect(json.required).toEqual(["station", "at", "temperature", "place"]);
	expect(json.properties?.place?.properties?.id).toEqual({
		type: "integer",
		format: "int64",
	});
});

test("a nested key, an integer of 64 bits as key", () => {
	expect(problems({ key: "place.id" })).toEqual([]);
});

test("every problem is listed at once, each with its place", () => {
	const found = problems({
		name: "a b",
		key: "missing",
		time: { path: "station", unit: "ms" },
		measures: { temperature: {}, station: {}, "place.name": {} },
		retention: "soon",
	});
	expect(found.map((one) => one.split(":")[0])).toEqual([
		"name",
		"key",
		"time",
		"measures.station",
		"measures.place.name",
		"retention",
	]);
	expect(found[1]).toBe(
		"key: the schema has no field missing: it has station, at, temperature, wind, code, place.id, place.name",
	);
});

test.each([
	["a key that can be absent", { key: "code" }, /^key: code can be absent/],
	["a key that can be null", { key: "place.name" }, /^key: .* can be null/],
	[
		"an unknown zone",
		{ time: { path: "at", zone: "Mars/Base" } },
		/^time: "Mars\/Base" is not a time zone/,
	],
	["a topic of Fireworks", { name: "dead-letter" }, /^name: dead-letter is a/],
	[
		"records that are no objects",
		{ schema: z.array(z.number()) },
		/^schema: records are JSON objects/,
	],
	[
		"a type that JSON does not have",
		{ schema: z.object({ at: z.date() }) },
		/^schema: at: z\.date\(\) has no JSON Schema/,
	],
	[
		"the record's time with retention by append",
		{ time: "@timestamp", retention: { keep: "7d", by: "append" } },
		/^retention: by append replaces/,
	],
])("%s", (_case, options, expected) => {
	const found = problems(options);
	expect(found).toHaveLength(1);
	expect(found[0]).toMatch(expected);
});

test("by append time the broker stamps the records; old data is kept its whole time", () => {
	const settings = {
		partitions: 3,
		replicationFactor: 1,
		topicConfigs: "own" as const,
	};
	const topic = (retention: object | string) =>
		topicOf(
			defineStream({
				name: "s",
				schema,
				time: { path: "at" },
				retention: retention as string,
			}).description,
			settings,
		);
	expect(topic("12h")).toMatchObject({
		name: "s",
		partitions: 3,
		config: {
			"retention.ms": "43200000",
			"message.timestamp.type": "LogAppendTime",
		},
	});
	expect(topic({ keep: "forever", by: "event" }).config).toMatchObject({
		"retention.ms": "-1",
		"message.timestamp.type": "CreateTime",
	});
});

test("operators take the event time from where the definition says", () => {
	const schema = z.object({ at: z.string() });
	const at = defineStream({ name: "at", schema, time: { path: "at" } });
	expect(at.time({ at: "1970-01-01T01:00:01+01:00" }, 5)).toBe(1_000);
	expect(() => at.time({ at: "1970-01-01T01:00:01" }, 5)).toThrow(
		expect.objectContaining({ code: "time-without-zone" }),
	);
	const own = defineStream({ name: "own", schema, time: "@timestamp" });
	expect(own.time({ at: "" }, 5)).toBe(5);
});
