/**
 * values.schema.json of both charts: from the zod schemas beside this file and the catalogue of settings. `pnpm docs` writes them; a test
 * holds the files against this. Draft 7: Helm before 3.18 knows no later one.
 */
import { z } from "zod";
import { configSchema } from "./chart-settings.ts";
import { fireworksValues } from "./fireworks-values.ts";
import { kafkaValues } from "./kafka-values.ts";

export type JsonSchema = z.core.JSONSchema.JSONSchema;

export const CHARTS = {
	fireworks: "charts/fireworks",
	kafka: "charts/fireworks/charts/kafka",
} as const;

/** Nothing is required: Helm checks what it has merged with values.yaml, and a user's file holds little. */
function loosened(schema: unknown): unknown {
	if (Array.isArray(schema)) return schema.map(loosened);
	if (typeof schema !== "object" || schema === null) return schema;
	const entries = Object.entries(schema).filter(
		([key, value]) =>
			!(key === "required" && Array.isArray(value)) &&
			!(key === "$schema" && typeof value === "string"),
	);
	return Object.fromEntries(
		entries.map(([key, value]) => [key, loosened(value)]),
	);
}

const jsonSchema = (schema: z.ZodType): JsonSchema =>
	loosened(
		z.toJSONSchema(schema, { target: "draft-7", io: "input" }),
	) as JsonSchema;

/** Helm hands `global` to every chart. */
const withGlobal = (schema: JsonSchema, more: object = {}): JsonSchema => ({
	$schema: "http://json-schema.org/draft-07/schema#",
	...schema,
	properties: { ...schema.properties, ...more, global: { type: "object" } },
});

export function chartSchemas(): Record<keyof typeof CHARTS, JsonSchema> {
	const kafka = withGlobal(jsonSchema(kafkaValues));
	const { $schema: _, ...nested } = kafka;
	return {
		fireworks: withGlobal(jsonSchema(fireworksValues), {
			config: configSchema(),
			kafka: {
				description: "Values of the subchart charts/kafka",
				...nested,
			},
		}),
		kafka,
	};
}

/** The files by path from the root. */
export const chartSchemaFiles = (): Map<string, string> =>
	new Map(
		Object.entries(chartSchemas()).map(([chart, schema]) => [
			`${CHARTS[chart as keyof typeof CHARTS]}/values.schema.json`,
			`${JSON.stringify(schema, null, "\t")}\n`,
		]),
	);
