/** The JSON Schema of a stream, and what the definition needs to know of a field in it. */
import { z } from "zod";
import { partsOf } from "../paths.ts";

/** A JSON Schema as data. Only the keywords that are looked at have a type. */
export interface JsonSchema {
	readonly type?: string | readonly string[];
	readonly format?: string;
	readonly properties?: Readonly<Record<string, JsonSchema>>;
	readonly required?: readonly string[];
	readonly anyOf?: readonly JsonSchema[];
	readonly oneOf?: readonly JsonSchema[];
	readonly enum?: readonly unknown[];
	readonly const?: unknown;
	readonly [keyword: string]: unknown;
}

const INT64 = "int64";

/**
 * An integer of 64 bits, for ids. A reader gets a number, or a BigInt beyond 2^53: nothing is
 * rounded. In the JSON Schema it has the format `int64`.
 */
export const int64 = () =>
	z.union([z.int(), z.int64()]).meta({ fireworks: INT64 });

/** Throws an error of zod if the schema contains what JSON Schema cannot say. */
export function toJsonSchema(schema: z.ZodType): JsonSchema {
	const json = z.toJSONSchema(schema, {
		io: "input",
		// A BigInt inside int64() has no JSON Schema; `override` replaces the whole field.
		unrepresentable: "any",
		override: ({ zodSchema, jsonSchema, path }) => {
			const marked = jsonSchema.fireworks === INT64;
			if (marked) {
				for (const keyword of Object.keys(jsonSchema))
					delete jsonSchema[keyword];
				jsonSchema.type = "integer";
				jsonSchema.format = INT64;
			} else if (Object.keys(jsonSchema).length === 0)
				unrepresentable(zodSchema._zod.def.type, path);
		},
	});
	return JSON.parse(JSON.stringify(json)) as JsonSchema;
}

/** Types that an empty JSON Schema describes rightly: any value. */
const ANYTHING = new Set(["any", "unknown"]);

function unrepresentable(type: string, path: readonly (string | number)[]) {
	const field = path.filter((part) => part !== "properties").join(".");
	// The two halves of int64() come before the whole of it.
	if (ANYTHING.has(type) || type === "bigint") return;
	throw new Error(
		`${field || "the schema"}: z.${type}() has no JSON Schema. Use what JSON has: text, number, boolean, null, array, object`,
	);
}

export interface Field {
	/** The JSON types that a value can have, without null. */
	readonly types: ReadonlySet<string>;
	readonly nullable: boolean;
	/** Whether a record can be without it. */
	readonly optional: boolean;
}

/** The field at a path; undefined if the schema has none. */
export function fieldAt(schema: JsonSchema, path: string): Field | undefined {
	let at = schema;
	let optional = false;
	for (const part of partsOf(path)) {
		if (at.properties === undefined || !Object.hasOwn(at.properties, part))
			return undefined;
		if (at.required?.includes(part) !== true) optional = true;
		at = at.properties[part] as JsonSchema;
	}
	const types = typesOf(at);
	const nullable = types.delete("null");
	return { types, nullable, optional };
}

/** The paths of all fields, for messages. */
export const pathsOf = (schema: JsonSchema, prefix = ""): string[] =>
	Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
		field.properties === undefined
			? [prefix + name]
			: pathsOf(field, `${prefix}${name}.`),
	);

/** Every type that a value of the schema can have; "any" if it says nothing. */
export function typesOf(schema: JsonSchema): Set<string> {
	const alternatives = schema.anyOf ?? schema.oneOf;
	if (alternatives !== undefined)
		return new Set(alternatives.flatMap((one) => [...typesOf(one)]));
	if (schema.type !== undefined)
		return new Set(
			typeof schema.type === "string" ? [schema.type] : schema.type,
		);
	const values =
		schema.enum ?? ("const" in schema ? [schema.const] : undefined);
	return new Set(values?.map(typeOfValue) ?? ["any"]);
}

const typeOfValue = (value: unknown): string =>
	value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
