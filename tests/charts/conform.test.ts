/**
 * Validates every object of every scenario against Kubernetes' own schemas, in strict mode: a
 * misspelt field is an error. Checks the oldest and the newest version that we support.
 */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { renderText, SCENARIOS, withoutHelm } from "./harness/chart.ts";
import {
	KUBERNETES_VERSIONS,
	kubeconform,
	kubernetesSchemas,
	output,
} from "./harness/tools.ts";

const program = await kubeconform();
const schemas = await kubernetesSchemas();
const missing = [
	withoutHelm,
	...[program, schemas].map((t) => ("missing" in t ? t.missing : undefined)),
].find((m) => m !== undefined);
const path = (tool: typeof program) => ("path" in tool ? tool.path : "");

/** Kinds that operators define. They are tested in options.test.ts. */
const OF_OPERATORS = [
	"BackendConfig",
	"HTTPRoute",
	"ManagedCertificate",
	"PrometheusRule",
	"ScaledObject",
	"ServiceMonitor",
	"TriggerAuthentication",
];

const conform = (text: string, version: string) =>
	output(
		path(program),
		[
			"-strict",
			"-summary",
			"-output",
			"json",
			"-kubernetes-version",
			version,
			"-skip",
			OF_OPERATORS.join(","),
			"-schema-location",
			join(
				path(schemas),
				"{{.NormalizedKubernetesVersion}}-local{{.StrictSuffix}}",
				"{{.ResourceKind}}{{.KindSuffix}}.json",
			),
			"-",
		],
		text,
	);

describe.skipIf(missing)(`kubeconform ${missing ?? ""}`, () => {
	const cases = Object.keys(SCENARIOS).flatMap((scenario) =>
		KUBERNETES_VERSIONS.map((version) => ({ scenario, version })),
	);

	test.each(cases)(
		"$scenario conforms to Kubernetes $version",
		({ scenario, version }) => {
			const { stdout } = conform(renderText(SCENARIOS[scenario]), version);
			const { resources = [], summary } = JSON.parse(stdout);
			expect(resources).toEqual([]);
			expect(summary.valid).toBeGreaterThan(20);
		},
	);

	test("it finds a misspelt field", () => {
		const wrong = renderText().replace(
			"terminationGracePeriodSeconds:",
			"terminationGraceSeconds:",
		);
		expect(JSON.parse(conform(wrong, "1.34.0").stdout).summary.invalid).toBe(1);
	});
});
