import {
	defineStream,
	int64,
	type StreamDescription,
} from "@fireworks/pipeline";
import { expect, test } from "vitest";
import { z } from "zod";
import { COLUMNS_MAX } from "../../src/limits.ts";
import { ColumnsError, evolved, fieldColumns } from "../../src/rows/columns.ts";

const described = (schema: z.ZodType): StreamDescription =>
	defineStream({ name: "readings", schema, time: "@timestamp" }).description;
const columnsOf = (schema: z.ZodType) =>
	fieldColumns(described(schema)).map(({ column, kind }) => [
		column.name,
		column.type,
		column.required ? "required" : "optional",
		kind,
	]);

test("each top-level field is a column of the narrowest type that holds all its values", () => {
	expect(
		columnsOf(
			z.object({
				count: z.int(),
				id: int64(),
				temperature: z.number().nullable(),
				ok: z.boolean().optional(),
				station: z.string(),
				kind: z.enum(["a", "b"]),
				level: z.literal([1, 2.5]),
				at: z.iso.datetime({ offset: true }),
				both: z.union([z.int(), z.number()]),
			}),
		),
	).toEqual([
		["count", "long", "required", "long"],
		["id", "long", "required", "long"],
		["temperature", "double", "optional", "double"],
		["ok", "boolean", "optional", "boolean"],
		["station", "string", "required", "string"],
		["kind", "string", "required", "string"],
		["level", "double", "required", "double"],
		["at", "string", "required", "string"],
		["both", "double", "required", "double"],
	]);
});

test("what no column type holds is JSON", () => {
	expect(
		columnsOf(
			z.object({
				nested: z.object({ a: z.int() }),
				list: z.array(z.number()).optional(),
				either: z.union([z.string(), z.int()]),
				anything: z.unknown(),
				nothing: z.null(),
			}),
		),
	).toEqual([
		["nested", "string", "required", "json"],
		["list", "string", "optional", "json"],
		["either", "string", "required", "json"],
		["anything", "string", "optional", "json"],
		["nothing", "string", "optional", "json"],
	]);
});

test("the fields of alternatives: required if all have them, and of a type for all", () => {
	expect(
		columnsOf(
			z.union([
				z.object({ kind: z.literal("a"), value: z.int(), only: z.string() }),
				z.object({ kind: z.literal("b"), value: z.number() }),
			]),
		),
	).toEqual([
		["kind", "string", "required", "string"],
		["value", "double", "required", "double"],
		["only", "string", "optional", "string"],
	]);
});

test("a field with the name of a column of ours, or one that Spark reserves, gets an underscore", () => {
	const names = columnsOf(
		z.object({
			event_time: z.string(),
			KAFKA_OFFSET: z.int(),
			_partition: z.int(),
			"": z.int(),
			_id: z.string(),
		}),
	).map(([name]) => name);
	expect(names).toEqual([
		"event_time_",
		"KAFKA_OFFSET_",
		"_partition_",
		"_",
		"_id",
	]);
});

test("fields that differ only in case, or collide after that, are refused by name", () => {
	for (const [a, b] of [
		["temp", "Temp"],
		["event_time", "event_time_"],
	] as const)
		expect(() => columnsOf(z.object({ [a]: z.int(), [b]: z.int() }))).toThrow(
			new ColumnsError(
				`the fields "${a}" and "${b}" of the stream readings would be the same column ${`${a}_`.startsWith("event") ? "event_time_" : "temp"}: rename one of them`,
			),
		);
});

test("a table has a bounded number of columns", () => {
	const fields = Object.fromEntries(
		Array.from({ length: COLUMNS_MAX + 1 }, (_, i) => [`f${i}`, z.int()]),
	);
	expect(() => columnsOf(z.object(fields))).toThrow(ColumnsError);
	delete fields.f0;
	expect(columnsOf(z.object(fields))).toHaveLength(COLUMNS_MAX);
});

test("a table that exists keeps its columns; new ones are optional, and none becomes required", () => {
	const column = (
		name: string,
		type: "long" | "double",
		required: boolean,
	) => ({
		name,
		type,
		required,
	});
	expect(
		evolved(
			[
				column("gone", "long", true),
				column("kept", "long", true),
				column("eased", "long", true),
				column("optional", "long", false),
				column("wider", "long", true),
			],
			[
				column("wider", "double", true),
				column("optional", "long", true),
				column("new", "long", true),
				column("eased", "long", false),
				column("kept", "long", true),
			],
		),
	).toEqual([
		column("gone", "long", false),
		column("kept", "long", true),
		column("eased", "long", false),
		column("optional", "long", false),
		column("wider", "double", true),
		column("new", "long", false),
	]);
});
