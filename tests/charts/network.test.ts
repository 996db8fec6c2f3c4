/**
 * Which pods may connect to which: evaluates the policies as a cluster that enforces them would.
 */
import { describe, expect, test } from "vitest";
import {
	ofKind,
	podsOf,
	type Rendered,
	render,
	SCENARIOS,
	set,
	withoutHelm,
} from "./harness/chart.ts";

type Labels = Record<string, string>;

function selects(selector: Rendered, labels: Labels): boolean {
	const byLabel = Object.entries(selector?.matchLabels ?? {}).every(
		([k, v]) => labels[k] === v,
	);
	const byExpression = (selector?.matchExpressions ?? []).every(
		(e: { key: string; values: string[] }) =>
			e.values.includes(labels[e.key] ?? ""),
	);
	return byLabel && byExpression;
}

const labelsOf = (objects: Rendered[], component: string): Labels => {
	const pod = podsOf(objects).find(
		(p) => p.metadata.labels["app.kubernetes.io/component"] === component,
	);
	return (
		pod?.metadata.labels ?? {
			...podsOf(objects)[0]?.metadata.labels,
			"app.kubernetes.io/component": component,
		}
	);
};

/** Whether the ingress or egress rules allow these pods of one namespace on the port. */
function allowed(
	objects: Rendered[],
	side: "ingress" | "egress",
	pod: Labels,
	peer: Labels,
	port: number,
): boolean {
	const policies = ofKind(objects, "NetworkPolicy").filter((p) =>
		selects(p.spec.podSelector, pod),
	);
	const rules = policies
		.filter((p) =>
			p.spec.policyTypes.includes(side === "ingress" ? "Ingress" : "Egress"),
		)
		.flatMap((p) => p.spec[side] ?? []);
	return rules.some((rule) => {
		const peers = rule[side === "ingress" ? "from" : "to"];
		const atPort =
			rule.ports === undefined ||
			rule.ports.some((p: { port: number }) => p.port === port);
		return (
			atPort &&
			(peers === undefined ||
				peers.some(
					(p: Rendered) =>
						p.podSelector !== undefined &&
						p.namespaceSelector === undefined &&
						selects(p.podSelector, peer),
				))
		);
	});
}

const flows = (objects: Rendered[], from: string, to: string, port: number) =>
	allowed(
		objects,
		"egress",
		labelsOf(objects, from),
		labelsOf(objects, to),
		port,
	) &&
	allowed(
		objects,
		"ingress",
		labelsOf(objects, to),
		labelsOf(objects, from),
		port,
	);

describe.skipIf(withoutHelm)(`network ${withoutHelm ?? ""}`, () => {
	test.each(Object.keys(SCENARIOS))(
		"%s: every pod is denied both ways but for named flows",
		(scenario) => {
			const objects = render(...(SCENARIOS[scenario] as string[]));
			const policies = ofKind(objects, "NetworkPolicy");
			for (const { name, metadata } of podsOf(objects)) {
				const types = policies
					.filter((p) => selects(p.spec.podSelector, metadata.labels))
					.flatMap((p) => p.spec.policyTypes);
				expect(new Set(types), name).toEqual(new Set(["Ingress", "Egress"]));
			}
		},
	);

	test.each([
		["metronome", "kafka", 9092],
		["processor", "kafka", 9092],
		["middleware", "kafka", 9092],
		["audit", "kafka", 9092],
		["test", "kafka", 9092],
		["test", "middleware", 8080],
		["dashboard", "middleware", 8080],
		["kafka", "kafka", 9093],
		["kafka", "kafka", 9092],
	])("%s reaches %s:%i", (from, to, port) => {
		expect(flows(render(), from, to, port)).toBe(true);
	});

	test.each([
		["dashboard", "kafka", 9092],
		["metronome", "kafka", 9093],
		["metronome", "middleware", 8080],
		["processor", "metronome", 8081],
		["middleware", "dashboard", 3000],
		["kafka", "processor", 8082],
	])("%s does not reach %s:%i", (from, to, port) => {
		expect(flows(render(), from, to, port)).toBe(false);
	});

	test("a pipeline reaches Kafka and nothing else, and is reached for its metrics only from outside", () => {
		const objects = render(...(SCENARIOS.pipelines as string[]));
		const flow = (from: string, to: string, port: number) =>
			flows(objects, from, to, port);
		expect(flow("pipeline-weather", "kafka", 9092)).toBe(true);
		expect(flow("pipeline-weather", "middleware", 8080)).toBe(false);
		expect(flow("pipeline-rain", "pipeline-weather", 8083)).toBe(false);
		expect(flow("middleware", "pipeline-weather", 8083)).toBe(false);
	});

	test("`helm test` reaches the pipelines, and only those that there are", () => {
		const objects = render(...(SCENARIOS.pipelines as string[]));
		expect(flows(objects, "test", "pipeline-rain", 8083)).toBe(true);
		expect(flows(objects, "test", "pipeline-snow", 8083)).toBe(false);
		expect(flows(render(), "test", "pipeline-rain", 8083)).toBe(false);
	});

	test("ingest reaches Kafka alone; its namespace and the named peers reach it", () => {
		const objects = render(...(SCENARIOS.ingest as string[]));
		expect(flows(objects, "ingest", "kafka", 9092)).toBe(true);
		expect(flows(objects, "ingest", "middleware", 8080)).toBe(false);
		const [rule] = ofKind(objects, "NetworkPolicy").find(
			(p) => p.metadata.name === "fireworks-ingest",
		).spec.ingress;
		expect(rule.ports).toEqual([{ protocol: "TCP", port: 8084 }]);
		expect(rule.from).toEqual([
			{ podSelector: {} },
			{ namespaceSelector: { matchLabels: { team: "sensors" } } },
		]);
	});

	test("an external Kafka: its ports alone, and HTTPS where tokens come from", () => {
		const egressPorts = (scenario: string) =>
			ofKind(render(...(SCENARIOS[scenario] as string[])), "NetworkPolicy")
				.find((p) => p.metadata.name === "fireworks-processor")
				.spec.egress.flatMap((r: Rendered) =>
					r.ports.map((p: { port: number }) => p.port),
				);
		expect(egressPorts("external-scram")).toEqual([53, 53, 9096]);
		expect(egressPorts("external-msk-iam")).toEqual([53, 53, 9098, 443]);
	});

	test("all policies go where they are not wanted", () => {
		expect(
			ofKind(
				render(
					...set({
						"networkPolicy.enabled": false,
						"kafka.networkPolicy.enabled": false,
					}),
				),
				"NetworkPolicy",
			),
		).toEqual([]);
	});
});
