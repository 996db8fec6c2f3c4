/**
 * Wrong values are rejected by name and correct ones accepted. The schemas agree with values.yaml
 * and the catalogue of settings.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import {
	configVariables,
	valuesOfSettings,
} from "../../scripts/charts/chart-settings.ts";
import {
	chartSchemaFiles,
	chartSchemas,
	type JsonSchema,
} from "../../scripts/charts/schema-files.ts";
import { valuesDocument } from "../../scripts/charts/values-document.ts";
import {
	CHART,
	ROOT,
	SUBCHART,
	tryRender,
	withoutHelm,
} from "./harness/chart.ts";
import { REFUSED_BY_SCHEMA, REFUSED_TOGETHER } from "./wrong-values.ts";

describe.skipIf(withoutHelm)(`values ${withoutHelm ?? ""}`, () => {
	test.each(REFUSED_BY_SCHEMA)(
		"the schema refuses $values",
		({ values, says }) => {
			const { code, stderr } = tryRender(["--set", values]);
			expect(code).not.toBe(0);
			expect(stderr).toContain("don't meet the specifications of the schema");
			expect(stderr).toContain(says);
		},
	);

	test.each(REFUSED_TOGETHER)(
		"the chart refuses $values",
		({ values, says }) => {
			const { code, stderr } = tryRender(["--set", values]);
			expect(code).not.toBe(0);
			expect(stderr).toContain("execution error");
			expect(stderr).toContain(says);
		},
	);

	test.each([
		"config.FIREWORKS_PARTITIONS=1000",
		"config.FIREWORKS_RETENTION_MS=-1",
		"metronome.devices=100000",
		"processor.replicas=0",
		"global.anything=1",
	])("%s is taken", (values) => {
		expect(tryRender(["--set", values]).stderr).toBe("");
	});
});

test("values.schema.json of both charts is what the zod schemas and the catalogue make (pnpm run docs)", () => {
	for (const [path, text] of chartSchemaFiles())
		expect(JSON.parse(readFileSync(join(ROOT, path), "utf8"))).toEqual(
			JSON.parse(text),
		);
});

test("every value has a description", () => {
	const rows = valuesDocument().match(/^\| `.*\|$/gm) ?? [];
	expect(rows.length).toBeGreaterThan(100);
	expect(rows.filter((row) => /\|\s*\|$/.test(row))).toEqual([]);
});

test("docs/operate/values.md is what the schemas and values.yaml make (pnpm run docs)", () => {
	expect(readFileSync(join(ROOT, "docs", "operate", "values.md"), "utf8")).toBe(
		valuesDocument(),
	);
});

/** Paths of a schema's values. A map or a list counts as one value. */
function* paths(schema: JsonSchema, at = ""): Generator<string> {
	for (const [name, below] of Object.entries(schema.properties ?? {})) {
		if (typeof below === "boolean" || name === "global") continue;
		const path = at === "" ? name : `${at}.${name}`;
		if (below.properties === undefined) yield path;
		else yield* paths(below, path);
	}
}

const valueAt = (values: unknown, path: string) =>
	path
		.split(".")
		.reduce<unknown>(
			(value, name) => (value as Record<string, unknown> | undefined)?.[name],
			values,
		);

/** Values that exist only if the user sets them. */
const WITHOUT_DEFAULT =
	/\.service\.(nodePort|loadBalancerClass|externalTrafficPolicy)$|[rR]esources\.(requests|limits)\.|\baffinity\.|^config\./;

test.each([
	["fireworks", CHART],
	["kafka", SUBCHART],
] as const)(
	"%s: every value of the schema has its default in values.yaml",
	(chart, folder) => {
		const values = parse(readFileSync(join(folder, "values.yaml"), "utf8"));
		const without = [...paths(chartSchemas()[chart])].filter(
			(path) =>
				!WITHOUT_DEFAULT.test(path) &&
				!(chart === "fireworks" && path.startsWith("kafka.")) &&
				valueAt(values, path) === undefined,
		);
		expect(without).toEqual([]);
	},
);

test("no setting is both in `config` and set by another value", () => {
	const variables = new Set(configVariables());
	expect(variables.size).toBeGreaterThan(20);
	expect(
		[...variables].filter((v) => /PASSWORD|TOKEN|SECRET|_PORT$/.test(v)),
	).toEqual([]);
	for (const path of valuesOfSettings())
		expect(
			[...paths(chartSchemas().fireworks)].some((p) => p.startsWith(path)),
			path,
		).toBe(true);
});
