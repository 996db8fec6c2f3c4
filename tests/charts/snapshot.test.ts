/** Snapshots of a few whole objects: when a helper changes, they show every effect. */
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { one, render, SCENARIOS, withoutHelm } from "./harness/chart.ts";

describe.skipIf(withoutHelm)(`snapshots ${withoutHelm ?? ""}`, () => {
	test.each([
		["kind", "Deployment", "fireworks-middleware"],
		["kind", "StatefulSet", "fireworks-kafka"],
		["external-oauth", "Deployment", "fireworks-processor"],
		["default", "NetworkPolicy", "fireworks-metronome"],
		["default", "Pod", "fireworks-test-stream"],
		["pipelines", "Deployment", "fireworks-pipeline-weather"],
		["pipelines", "NetworkPolicy", "fireworks-pipeline-rain"],
		["ingest", "Deployment", "fireworks-ingest"],
		["ingest", "NetworkPolicy", "fireworks-ingest"],
	])("%s %s %s", async (scenario, kind, name) => {
		const object = one(
			render(...(SCENARIOS[scenario] as string[])),
			kind,
			name,
		);
		await expect(stringify(object, { lineWidth: 0 })).toMatchFileSnapshot(
			`snapshots/${scenario}-${kind}-${name}.yaml`,
		);
	});
});
