/** docs/values.md: every value with its default and what it does, from the schemas and values.yaml. `pnpm docs` writes it; a test holds it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { CHARTS, chartSchemas, type JsonSchema } from "./schema-files.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const defaultsOf = (chart: string): unknown =>
	parse(readFileSync(join(ROOT, chart, "values.yaml"), "utf8"));

/** The four parts have these alike: told once. */
const OF_EACH_PART =
	/^(metronome|processor|middleware|dashboard)\.(image|nodeOptions|service|serviceAccount|podAnnotations|podLabels|nodeSelector|tolerations|affinity|autoscaling)\b/;

export function valuesDocument(): string {
	const { fireworks, kafka } = chartSchemas();
	const own = { ...fireworks, properties: { ...fireworks.properties } };
	delete own.properties.kafka;
	const values = defaultsOf(CHARTS.fireworks);
	const rows = [...rowsOf(own, values)];
	const common = rows.filter((row) => OF_EACH_PART.test(row.path));
	const commonRows = [
		...new Map(
			common.map((row) => [
				row.path.replace(/^[a-z]+/, "<part>"),
				{ ...row, path: row.path.replace(/^[a-z]+/, "<part>") },
			]),
		).values(),
	];
	return `# Values of the chart

Made by \`pnpm docs\` from scripts/charts and charts/fireworks/values.yaml. Anything that is not here is refused by values.schema.json.

## The system

${table(rows.filter((row) => !OF_EACH_PART.test(row.path)))}

\`config\` takes these settings of [settings.md](settings.md): ${Object.keys(
		fireworks.properties?.config
			? ((fireworks.properties.config as JsonSchema).properties ?? {})
			: {},
	)
		.map((name) => `\`${name}\``)
		.join(", ")}.

## Of each part

\`<part>\` is metronome, processor, middleware or dashboard; the metronome has no autoscaling, and defaults that differ are in values.yaml.

${table(commonRows)}

## Kafka

Below \`kafka\`, or the values of charts/kafka by itself.

${table([...rowsOf(kafka, defaultsOf(CHARTS.kafka))])}
`;
}

interface Row {
	path: string;
	standard: string;
	about: string;
}

function* rowsOf(schema: JsonSchema, values: unknown, at = ""): Generator<Row> {
	for (const [name, below] of Object.entries(schema.properties ?? {})) {
		if (typeof below === "boolean" || name === "global") continue;
		const path = at === "" ? name : `${at}.${name}`;
		const value = (values as Record<string, unknown> | undefined)?.[name];
		const whole =
			below.properties === undefined || /(^config|\bresources)$/.test(path);
		if (whole)
			yield { path, standard: shown(value), about: below.description ?? "" };
		else yield* rowsOf(below, value, path);
	}
}

const shown = (value: unknown): string =>
	value === undefined || value === "" ? "" : `\`${JSON.stringify(value)}\``;

const cell = (text: string) => text.replaceAll("|", "\\|");

const table = (rows: readonly Row[]): string =>
	[
		"| value | default | what it does |\n|---|---|---|",
		...rows.map(
			({ path, standard, about }) =>
				`| \`${path}\` | ${cell(standard)} | ${cell(about)} |`,
		),
	].join("\n");
