/**
 * values.schema.json of both charts. What a value may be comes from the zod schemas in this folder
 * and from the catalogue of settings, what it means from the comments in values.yaml. `pnpm run
 * docs` writes the files; a test checks that they are up to date. The format is Draft 7: Helm
 * before 3.18 supports no later one.
 */
import { z } from "zod";
import { configSchema } from "./chart-settings.ts";
import { fireworksValues } from "./fireworks-values.ts";
import { kafkaValues } from "./kafka-values.ts";
import { registry } from "./kubernetes-values.ts";
import { readValues } from "./values-comments.ts";

export type JsonSchema = z.core.JSONSchema.JSONSchema;

export const CHARTS = {
	fireworks: "charts/fireworks",
	kafka: "charts/fireworks/charts/kafka",
} as const;

/**
 * Nothing is required. Helm checks the values after merging them with values.yaml, and a user's own
 * file may set only a few.
 */
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

/**
 * Helm passes `global` to every chart of a parent. So keys that we do not know belong to other
 * charts and are allowed. The keys that we read are checked.
 */
const globals = z.looseObject({
	imageRegistry: registry,
	imagePullSecrets: z.array(
		z.union([z.string().min(1), z.strictObject({ name: z.string() })]),
	),
});

const PARTS = ["metronome", "processor", "middleware", "dashboard", "ingest"];

/** The comment in front of a value. Values that all parts have are described at the first part. */
function commentOf(
	path: string,
	comments: ReadonlyMap<string, string>,
): string | undefined {
	const own = comments.get(path);
	const [part = "", ...rest] = path.split(".");
	if (own !== undefined || !PARTS.includes(part) || rest.length === 0)
		return own;
	return PARTS.map((one) => comments.get([one, ...rest].join("."))).find(
		(comment) => comment !== undefined,
	);
}

/** The schema with the comments of values.yaml as descriptions. */
function described(
	schema: JsonSchema,
	comments: ReadonlyMap<string, string>,
	at = "",
): JsonSchema {
	const description = commentOf(at, comments);
	const properties = Object.entries(schema.properties ?? {}).map(
		([name, below]) =>
			typeof below === "boolean"
				? [name, below]
				: [name, described(below, comments, at ? `${at}.${name}` : name)],
	);
	return {
		...(description === undefined ? {} : { description }),
		...schema,
		...(schema.properties && { properties: Object.fromEntries(properties) }),
	};
}

const withGlobal = (schema: JsonSchema, more: object = {}): JsonSchema => ({
	$schema: "http://json-schema.org/draft-07/schema#",
	...schema,
	properties: { ...schema.properties, ...more, global: jsonSchema(globals) },
});

export function chartSchemas(): Record<keyof typeof CHARTS, JsonSchema> {
	const own = readValues(CHARTS.fireworks).comments;
	// `global` is in the values of the parent chart only.
	const comments = new Map([
		...[...own].filter(([path]) => path.startsWith("global")),
		...readValues(CHARTS.kafka).comments,
	]);
	const kafka = described(withGlobal(jsonSchema(kafkaValues)), comments);
	const { $schema: _, ...nested } = kafka;
	const fireworks = withGlobal(jsonSchema(fireworksValues), {
		config: configSchema(),
	});
	const { properties, ...rest } = described(fireworks, own);
	const description = own.get("kafka") ?? "";
	return {
		fireworks: {
			...rest,
			properties: { ...properties, kafka: { description, ...nested } },
		},
		kafka,
	};
}

/** The files by their path from the root. */
export const chartSchemaFiles = (): Map<string, string> =>
	new Map(
		Object.entries(chartSchemas()).map(([chart, schema]) => [
			`${CHARTS[chart as keyof typeof CHARTS]}/values.schema.json`,
			`${JSON.stringify(schema, null, "\t")}\n`,
		]),
	);
