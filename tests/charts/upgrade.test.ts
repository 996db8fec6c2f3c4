/**
 * What an upgrade may change: fields that are immutable in Kubernetes stay as in the first release,
 * and pods restart only if something that they read has changed. (tests/cluster upgrades and rolls
 * back for real.)
 */
import {
	cpSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
	CHART,
	ofKind,
	parseObjects,
	podsOf,
	type Rendered,
	render,
	set,
	tryRender,
	withoutHelm,
} from "./harness/chart.ts";

/** The immutable fields of a Deployment, a StatefulSet, a Service. */
const immutable = (objects: readonly Rendered[]) =>
	Object.fromEntries([
		...ofKind(objects, "Deployment").map((o) => [
			`Deployment/${o.metadata.name}`,
			{ selector: o.spec.selector },
		]),
		...ofKind(objects, "StatefulSet").map(({ metadata, spec }) => [
			`StatefulSet/${metadata.name}`,
			{
				selector: spec.selector,
				serviceName: spec.serviceName,
				podManagementPolicy: spec.podManagementPolicy,
				// Kubernetes adds apiVersion and kind itself, so naming them changes nothing.
				volumeClaimTemplates: spec.volumeClaimTemplates?.map(
					({ apiVersion: _, kind: __, ...claim }: Rendered) => claim,
				),
			},
		]),
		...ofKind(objects, "Service")
			.filter((o) => o.spec.clusterIP === "None")
			.map((o) => [`Service/${o.metadata.name}`, { clusterIP: "None" }]),
	]);

const FIRST_RELEASE = join(
	import.meta.dirname,
	"fixtures",
	"immutable-0.1.0.json",
);

/** Parts whose pods restart on an upgrade from one rendering to the other. */
const restarted = (before: readonly Rendered[], after: readonly Rendered[]) => {
	const template = (objects: readonly Rendered[]) =>
		new Map(
			podsOf(objects)
				.filter((p) => p.workload.kind !== "Pod")
				.map((p) => [
					p.name.replace(/.*fireworks-/, ""),
					JSON.stringify(p.workload.spec.template),
				]),
		);
	const old = template(before);
	return [...template(after)]
		.filter(([name, text]) => old.get(name) !== text)
		.map(([name]) => name)
		.sort();
};

describe.skipIf(withoutHelm)(`upgrade ${withoutHelm ?? ""}`, () => {
	test("what cannot change is as the release 0.1.0 had it", () => {
		expect(immutable(render())).toEqual(
			JSON.parse(readFileSync(FIRST_RELEASE, "utf8")),
		);
	});

	test("no values of ours change it either", () => {
		const { "StatefulSet/fireworks-kafka": _, ...ours } = immutable(render());
		const { "StatefulSet/fireworks-kafka": __, ...other } = immutable(
			render(
				"-f",
				join(CHART, "values-eks.yaml"),
				...set({ "processor.engine": "python" }),
			),
		);
		expect(other).toEqual(ours);
	});

	test.each([
		[
			{ "config.FIREWORKS_LOG_LEVEL": "debug" },
			["dashboard", "metronome", "middleware", "processor"],
		],
		[{ "config.FIREWORKS_PROCESSOR_GROUP": "g" }, ["processor"]],
		[{ "metronome.devices": 9 }, ["metronome"]],
		[{ "middleware.auth.bearerToken": "t" }, ["middleware"]],
		[{ "dashboard.websocketUrl": "wss://a/ws" }, ["dashboard"]],
		[{ "kafka.properties.num\\.io\\.threads": 9 }, ["kafka"]],
		[{ "processor.replicas": 3, "serviceMonitor.enabled": true }, []],
		[{ "kafka.networkPolicy.enabled": false }, []],
	])("%j restarts %j", (values, parts) => {
		expect(restarted(render(), render(...set(values)))).toEqual(parts);
	});

	test("a new version of the chart alone restarts nothing", () => {
		const copy = mkdtempSync(join(tmpdir(), "fireworks-chart-"));
		try {
			cpSync(CHART, copy, { recursive: true });
			const file = join(copy, "Chart.yaml");
			writeFileSync(
				file,
				readFileSync(file, "utf8").replace(
					"\nversion: 0.1.0",
					"\nversion: 0.2.0",
				),
			);
			const newer = tryRender([], copy);
			expect(newer.stdout).toContain("helm.sh/chart: fireworks-0.2.0");
			expect(restarted(render(), parseObjects(newer.stdout))).toEqual([]);
		} finally {
			rmSync(copy, { recursive: true });
		}
	});
});
