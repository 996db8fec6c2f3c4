/**
 * Whether a new schema reads what the old one wrote (BACKWARD). The streams of the catalog are also
 * read by the page and the lake, so a field that every record has must stay as well.
 */
import { isDeepStrictEqual } from "node:util";
import { type JsonSchema, typesOf } from "./json-schema.ts";

/** One difference that breaks a reader. */
export interface SchemaBreak {
	/** Path of the field; "" is the whole record. */
	readonly field: string;
	readonly rule: string;
	readonly before: unknown;
	readonly after: unknown;
	readonly advice: string;
}

/** Keywords that describe and do not constrain. */
const ANNOTATIONS = new Set([
	...["$schema", "$id", "$comment", "title", "description", "default"],
	...["examples", "deprecated", "readOnly", "writeOnly"],
]);
const HANDLED = new Set([
	...["type", "format", "properties", "required", "anyOf", "oneOf", "enum"],
	...["const", "items", "additionalProperties"],
]);
/** Limits by the direction in which they get stricter. */
const LIMITS: Readonly<Record<string, "rises" | "falls">> = {
	...{ minimum: "rises", exclusiveMinimum: "rises", minLength: "rises" },
	...{ minItems: "rises", minProperties: "rises" },
	...{ maximum: "falls", exclusiveMaximum: "falls", maxLength: "falls" },
	...{ maxItems: "falls", maxProperties: "falls" },
};

export function breaksOf(
	before: JsonSchema,
	after: JsonSchema,
	field = "",
): SchemaBreak[] {
	if (isDeepStrictEqual(before, after)) return [];
	const written = alternatives(before);
	const read = alternatives(after);
	// Each kind of value that was written needs one alternative that reads it.
	if (written.length > 1 || read.length > 1)
		return written.flatMap((one) => {
			const attempts = read.map((other) => breaksOf(one, other, field));
			const best = attempts.toSorted((a, b) => a.length - b.length)[0];
			return best ?? [];
		});
	const found: SchemaBreak[] = [];
	const broken = (
		rule: string,
		was: unknown,
		is: unknown,
		advice: string,
		at = field,
	) => found.push({ field: at, rule, before: was, after: is, advice });
	compareTypes(before, after, broken);
	compareValues(before, after, broken);
	compareKeywords(before, after, broken);
	compareProperties(before, after, field, broken, found);
	if (before.items !== undefined || after.items !== undefined)
		found.push(
			...breaksOf(
				(before.items ?? {}) as JsonSchema,
				(after.items ?? {}) as JsonSchema,
				`${field}[]`,
			),
		);
	return found;
}

type Broken = (
	rule: string,
	was: unknown,
	is: unknown,
	advice: string,
	at?: string,
) => void;

/** The schema as one schema for each type. */
function alternatives(schema: JsonSchema): readonly JsonSchema[] {
	const nested = schema.anyOf ?? schema.oneOf;
	if (nested !== undefined) return nested.flatMap(alternatives);
	if (Array.isArray(schema.type) && schema.type.length !== 1)
		return schema.type.map((type: string) => ({ ...schema, type }));
	return [schema];
}

function compareTypes(before: JsonSchema, after: JsonSchema, broken: Broken) {
	const read = typesOf(after);
	if (read.has("any")) return;
	for (const type of typesOf(before))
		if (!read.has(type) && !(type === "integer" && read.has("number")))
			broken(
				"type changed",
				type,
				[...read].join(" or "),
				"keep the type, or add a field with another name",
			);
}

function compareValues(before: JsonSchema, after: JsonSchema, broken: Broken) {
	const [was, is] = [before, after].map(
		(s) => s.enum ?? ("const" in s ? [s.const] : undefined),
	);
	if (is === undefined) return;
	const gone = was?.filter(
		(value) => !is.some((one) => isDeepStrictEqual(one, value)),
	);
	if (gone === undefined || gone.length > 0)
		broken(
			"values removed",
			was ?? "any",
			is,
			"keep every value that was written",
		);
}

function compareKeywords(
	before: JsonSchema,
	after: JsonSchema,
	broken: Broken,
) {
	if (
		after.format !== before.format &&
		(after.format === "int64"
			? before.type !== "integer"
			: after.format !== undefined || before.format === "int64")
	)
		broken("format changed", before.format, after.format, "keep the format");
	for (const keyword of new Set([
		...Object.keys(before),
		...Object.keys(after),
	])) {
		const [was, is] = [before[keyword], after[keyword]];
		if (HANDLED.has(keyword) || ANNOTATIONS.has(keyword) || is === undefined)
			continue;
		if (isDeepStrictEqual(was, is)) continue;
		const stricter = LIMITS[keyword];
		const wider =
			typeof was === "number" &&
			typeof is === "number" &&
			(stricter === "rises" ? is < was : stricter === "falls" && is > was);
		if (!wider)
			broken(`${keyword} got stricter`, was, is, "keep it, or make it wider");
	}
}

function compareProperties(
	before: JsonSchema,
	after: JsonSchema,
	field: string,
	broken: Broken,
	found: SchemaBreak[],
) {
	const was = before.properties ?? {};
	const is = after.properties ?? {};
	const at = (name: string) => (field === "" ? name : `${field}.${name}`);
	const needed = (schema: JsonSchema, name: string) =>
		schema.required?.includes(name) === true;
	for (const [name, schema] of Object.entries(was)) {
		const next = is[name];
		if (next !== undefined) found.push(...breaksOf(schema, next, at(name)));
		else if (needed(before, name))
			broken(
				"required field removed",
				"required",
				"absent",
				"keep it; make it optional first, and remove it once nothing reads it",
				at(name),
			);
		else if (after.additionalProperties === false)
			broken(
				"field removed from a strict object",
				"optional",
				"refused",
				"use z.object instead of z.strictObject, or keep the field",
				at(name),
			);
	}
	for (const name of Object.keys(is))
		if (needed(after, name) && !needed(before, name))
			broken(
				was[name] === undefined
					? "required field added"
					: "field became required",
				was[name] === undefined ? "absent" : "optional",
				"required",
				"make it optional, or give it a default",
				at(name),
			);
	if (
		!isDeepStrictEqual(
			before.additionalProperties ?? true,
			after.additionalProperties ?? true,
		) &&
		(after.additionalProperties ?? true) !== true &&
		before.additionalProperties !== false
	)
		broken(
			"other fields are refused now",
			before.additionalProperties ?? true,
			after.additionalProperties,
			"use z.object instead of z.strictObject",
		);
}
