/** Whether a reader's schema can read what a writer's schema writes, as far as can be seen. */
import { z } from "zod";

type Json = Readonly<Record<string, unknown>>;

/** Differences that make records unreadable; empty: none was found. */
export function schemaProblems(writer: z.ZodType, reader: z.ZodType): string[] {
	if (writer === reader) return [];
	try {
		return differences(
			z.toJSONSchema(writer, { io: "output" }) as Json,
			z.toJSONSchema(reader, { io: "input" }) as Json,
			"the value",
		);
	} catch {
		// A schema that JSON Schema cannot express is compared with nothing.
		return [];
	}
}

function differences(writer: Json, reader: Json, at: string): string[] {
	const { type: written } = writer;
	const { type: wanted } = reader;
	if (typeof written !== "string" || typeof wanted !== "string") return [];
	if (written !== wanted && !(written === "integer" && wanted === "number"))
		return [`${at} is ${written}, and must be ${wanted}`];
	if (wanted === "array")
		return differences(
			(writer.items ?? {}) as Json,
			(reader.items ?? {}) as Json,
			`an element of ${at}`,
		);
	if (wanted !== "object") return [];
	const has = (writer.properties ?? {}) as Readonly<Record<string, Json>>;
	const always = new Set((writer.required ?? []) as string[]);
	const missing = ((reader.required ?? []) as string[])
		.filter((name) => !always.has(name))
		.map((name) =>
			name in has
				? `the field ${name} may be absent`
				: `the field ${name} is missing`,
		);
	const wrong = Object.entries(
		(reader.properties ?? {}) as Readonly<Record<string, Json>>,
	).flatMap(([name, property]) => {
		const of = has[name];
		return of === undefined
			? []
			: differences(of, property, `the field ${name}`);
	});
	return [...missing, ...wrong];
}
