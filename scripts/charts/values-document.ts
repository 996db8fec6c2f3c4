/**
 * docs/operate/values.md: every value with its default and its meaning, from values.yaml and the
 * schemas. `pnpm run docs` writes it, and a test checks that it is up to date.
 */
import { configVariables } from "./chart-settings.ts";
import { CHARTS, chartSchemas, type JsonSchema } from "./schema-files.ts";
import { readValues } from "./values-comments.ts";

/** Values that all parts share: documented once. */
const OF_EACH_PART =
	/^(metronome|processor|middleware|dashboard|ingest)\.(image|nodeOptions|service|serviceAccount|podAnnotations|podLabels|nodeSelector|tolerations|affinity|autoscaling)\b/;

export function valuesDocument(): string {
	const { fireworks, kafka } = chartSchemas();
	const own = { ...fireworks, properties: { ...fireworks.properties } };
	delete own.properties.kafka;
	const { values } = readValues(CHARTS.fireworks);
	const rows = [...rowsOf(own, values)];
	const common = rows.filter((row) => OF_EACH_PART.test(row.path));
	const commonRows = [
		...new Map(
			common
				.toReversed()
				.map((row) => [
					row.path.replace(/^[a-z]+/, "<part>"),
					{ ...row, path: row.path.replace(/^[a-z]+/, "<part>") },
				]),
		).values(),
	].toReversed();
	return `# Values of the chart

\`pnpm run docs\` generates this page from the comments in charts/fireworks/values.yaml and
charts/kafka/values.yaml. values.schema.json refuses everything that is not here.

## The system

${table(rows.filter((row) => !OF_EACH_PART.test(row.path)))}

\`config\` accepts these [settings](settings.md):

${configVariables()
	.map((name) => `- \`${name}\``)
	.join("\n")}

## Each part

\`<part>\` is metronome, processor, middleware, dashboard or ingest. Metronome and ingest have no
autoscaling. The defaults are those of the first part that has the value; values.yaml has the
others.

${table(commonRows)}

## Kafka

Below \`kafka\`, or the values of charts/kafka by itself.

${table([...rowsOf(kafka, readValues(CHARTS.kafka).values)])}
`;
}

interface Row {
	path: string;
	fallback: string;
	about: string;
}

function* rowsOf(schema: JsonSchema, values: unknown, at = ""): Generator<Row> {
	for (const [name, below] of Object.entries(schema.properties ?? {})) {
		if (typeof below === "boolean") continue;
		const path = at === "" ? name : `${at}.${name}`;
		const value = (values as Record<string, unknown> | undefined)?.[name];
		// `global` has its defaults, and its description, in the parent chart.
		if (name === "global" && value === undefined) continue;
		const whole =
			below.properties === undefined ||
			/^config$|[rR]esources$|\baffinity$/.test(path);
		if (whole)
			yield { path, fallback: shown(value), about: below.description ?? "" };
		else yield* rowsOf(below, value, path);
	}
}

const shown = (value: unknown): string =>
	value === undefined || value === "" ? "" : `\`${JSON.stringify(value)}\``;

const cell = (text: string) => text.replaceAll("|", "\\|");

const table = (rows: readonly Row[]): string =>
	[
		"| value | default | meaning |\n|---|---|---|",
		...rows.map(
			({ path, fallback, about }) =>
				`| \`${path}\` | ${cell(fallback)} | ${cell(about)} |`,
		),
	].join("\n");
