import { expect, test } from "vitest";
import { z } from "zod";
import { breaksOf, int64, toJsonSchema } from "../../src/index.ts";

const rules = (before: z.ZodType, after: z.ZodType) =>
	breaksOf(toJsonSchema(before), toJsonSchema(after)).map(
		({ field, rule }) => `${field}: ${rule}`,
	);
const object = (a: z.ZodType) => z.object({ a });
const base = z.object({ a: z.string(), b: z.number().optional() });

test.each([
	["nothing changed", base, base],
	["optional field added", base, base.extend({ c: z.string().optional() })],
	[
		"field with a default added",
		base,
		base.extend({ c: z.string().default("x") }),
	],
	["optional field removed", base, base.omit({ b: true })],
	[
		"required becomes optional",
		object(z.string()),
		object(z.string().optional()),
	],
	["null allowed", object(z.number()), object(z.number().nullable())],
	["integer becomes number", object(z.int()), object(z.number())],
	["integer gets 64 bits", object(z.int()), object(int64())],
	[
		"another type allowed",
		object(z.string()),
		object(z.union([z.string(), z.number()])),
	],
	["value added", object(z.enum(["x"])), object(z.enum(["x", "y"]))],
	["values become any text", object(z.enum(["x"])), object(z.string())],
	["minimum lowered", object(z.number().min(1)), object(z.number().min(0))],
	["maximum removed", object(z.number().max(1)), object(z.number())],
	["description changed", object(z.string()), object(z.string().describe("x"))],
	["format dropped", object(z.email()), object(z.string())],
	[
		"strict becomes open",
		z.strictObject({ a: z.string() }),
		object(z.string()),
	],
])("compatible: %s", (_name, before, after) => {
	expect(rules(before, after)).toEqual([]);
});

test.each([
	[
		"required field added",
		base,
		base.extend({ c: z.string() }),
		["c: required field added"],
	],
	[
		"required field removed",
		base,
		base.omit({ a: true }),
		["a: required field removed"],
	],
	[
		"optional becomes required",
		base,
		base.required(),
		["b: field became required"],
	],
	["type changed", object(z.string()), object(z.number()), ["a: type changed"]],
	["number becomes integer", object(z.number()), object(z.int()), undefined],
	[
		"null forbidden",
		object(z.number().nullable()),
		object(z.number()),
		["a: type changed"],
	],
	["64 bits become 53", object(int64()), object(z.int()), undefined],
	[
		"value removed",
		object(z.enum(["x", "y"])),
		object(z.enum(["x"])),
		["a: values removed"],
	],
	[
		"text becomes values",
		object(z.string()),
		object(z.enum(["x"])),
		["a: values removed"],
	],
	[
		"minimum raised",
		object(z.number().min(0)),
		object(z.number().min(1)),
		["a: minimum got stricter"],
	],
	[
		"maximum added",
		object(z.number()),
		object(z.number().max(1)),
		["a: maximum got stricter"],
	],
	[
		"pattern changed",
		object(z.string().regex(/a/)),
		object(z.string().regex(/b/)),
		["a: pattern got stricter"],
	],
	["format added", object(z.string()), object(z.email()), undefined],
	[
		"open becomes strict",
		object(z.string()),
		z.strictObject({ a: z.string() }),
		[": other fields are refused now"],
	],
	[
		"nested",
		object(object(z.int())),
		object(object(z.string())),
		["a.a: type changed"],
	],
	[
		"items",
		object(z.array(z.int())),
		object(z.array(z.string())),
		["a[]: type changed"],
	],
])("refused: %s", (_name, before, after, expected) => {
	const found = rules(before, after);
	if (expected === undefined) expect(found.length).toBeGreaterThan(0);
	else expect(found).toEqual(expected);
});
