/** Checks JSON values by a JSON Schema, for programs that know a stream only from the catalog. */
import { z } from "zod";
import { type JsonSchema, typesOf } from "./json-schema.ts";

export type Validate = (
	value: unknown,
) => { field: string; message: string } | undefined;

/** Throws an error of zod for a schema that it cannot read. */
export const validatorOf = (schema: JsonSchema): Validate => {
	const check = validatorOfZod(
		z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]),
	);
	const int64 = int64Fields(schema);
	if (int64.length === 0) return check;
	// zod's integers end at 2^53. Another integer stands in for a BigInt while it is checked.
	return (value) => {
		if (typeof value !== "object" || value === null) return check(value);
		const shown: Record<string, unknown> = { ...value };
		for (const name of int64)
			if (typeof shown[name] === "bigint") shown[name] = 0;
		return check(shown);
	};
};

/** The fields of the record itself that are 64-bit integers. */
const int64Fields = (schema: JsonSchema): string[] =>
	Object.entries(schema.properties ?? {})
		.filter(([, one]) => holdsInt64(one))
		.map(([name]) => name);

const holdsInt64 = (schema: JsonSchema): boolean =>
	(schema.format === "int64" && typesOf(schema).has("integer")) ||
	(schema.anyOf?.some(holdsInt64) ?? false);

/** The same for a schema of zod. */
export const validatorOfZod =
	(schema: z.ZodType): Validate =>
	(value) => {
		const { error } = schema.safeParse(value);
		const issue = error?.issues[0];
		if (issue === undefined) return undefined;
		const field = issue.path.join(".");
		return { field, message: `${field || "the record"}: ${issue.message}` };
	};
