/**
 * Alerts and the Grafana dashboard: their queries are valid PromQL and use metrics that the
 * services have. Each alert has its section in the runbook.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Registry } from "@fireworks/service-kit";
import { parser } from "@prometheus-io/lezer-promql";
import { collectDefaultMetrics } from "prom-client";
import { describe, expect, test } from "vitest";
import { createStageMetrics } from "../../packages/streams/src/stage/metrics.ts";
import {
	createMetrics as createIngestMetrics,
	type Observed as IngestObserved,
} from "../../services/ingest/src/metrics.ts";
import { createMetronomeMetrics } from "../../services/metronome/src/metrics.ts";
import {
	createMetrics,
	type Observed,
} from "../../services/middleware/src/metrics.ts";
import { createRunnerMetrics } from "../../services/runner/src/metrics.ts";
import { CHART, one, ROOT, render, set, withoutHelm } from "./harness/chart.ts";

/** Metrics that are not ours: those of Prometheus, the kubelet and kube-state-metrics. */
const FOREIGN = new Set([
	"up",
	"kube_pod_container_status_restarts_total",
	"kube_deployment_spec_replicas",
	"kube_deployment_status_replicas_available",
	"kubelet_volume_stats_available_bytes",
	"kubelet_volume_stats_capacity_bytes",
]);

function ownMetrics(): Set<string> {
	const registry = new Registry();
	collectDefaultMetrics({ register: registry });
	createStageMetrics(registry);
	createMetronomeMetrics(registry);
	createRunnerMetrics(registry);
	createIngestMetrics(registry, {} as IngestObserved);
	// The observed values are read only at a scrape, so an empty object is sufficient.
	createMetrics(registry, {} as Observed);
	return new Set(
		registry.getMetricsAsArray().flatMap(({ name, type }) =>
			// Depending on the version, prom-client's enum of types holds numbers or words. A
			// histogram's series have these endings.
			String(type) === "histogram"
				? ["_bucket", "_count", "_sum"].map((end) => name + end)
				: [name],
		),
	);
}

/**
 * The metric names in a query. Throws for invalid PromQL. Grafana's variables are replaced by what
 * they expand to.
 */
function metricsIn(query: string): string[] {
	const text = query.replaceAll("$__rate_interval", "1m");
	const names: string[] = [];
	parser.parse(text).iterate({
		enter({ type, from, to, node }) {
			if (type.isError) throw new Error(`not PromQL at ${from}: ${text}`);
			if (
				type.name === "Identifier" &&
				node.parent?.type.name === "VectorSelector"
			)
				names.push(text.slice(from, to));
		},
	});
	return names;
}

const dashboard = JSON.parse(
	readFileSync(join(CHART, "dashboards", "fireworks.json"), "utf8"),
);
interface Alert {
	alert: string;
	expr: string;
	for: string;
	labels: { severity: string };
	annotations: { summary: string; runbook_url: string };
}

const alerts: Alert[] =
	withoutHelm === undefined
		? one(
				render(
					...set({
						"prometheusRule.enabled": true,
						"ingest.enabled": true,
						"pipelines.weather.replicas": 2,
					}),
				),
				"PrometheusRule",
				"fireworks-alerts",
			).spec.groups.flatMap((g: { rules: Alert[] }) => g.rules)
		: [];
const known = ownMetrics();
const unknown = (query: string) =>
	metricsIn(query).filter((name) => !known.has(name) && !FOREIGN.has(name));

describe.skipIf(withoutHelm)(`alerts ${withoutHelm ?? ""}`, () => {
	test("there are alerts for each part", () => {
		expect(alerts.length).toBeGreaterThan(14);
		expect(new Set(alerts.map((a) => a.alert)).size).toBe(alerts.length);
	});

	test.each(alerts)("$alert asks for metrics that exist", ({ expr }) => {
		expect(metricsIn(expr).length).toBeGreaterThan(0);
		expect(unknown(expr)).toEqual([]);
	});

	test.each(alerts)(
		"$alert has a section in the runbook: meaning, check, fix",
		({ alert, annotations, labels }) => {
			const runbook = readFileSync(
				join(ROOT, "docs", "operate", "runbook.md"),
				"utf8",
			);
			const section = runbook
				.split(/^## /m)
				.find((text) => text.startsWith(`${alert}\n`));
			for (const part of ["**Meaning**", "**Check**", "**Fix**"])
				expect(section).toContain(part);
			expect(annotations.runbook_url).toMatch(
				new RegExp(`#${alert.toLowerCase()}$`),
			);
			expect(["critical", "warning", "info"]).toContain(labels.severity);
		},
	);

	test("those of ingest and of pipelines only where these run", () => {
		const plain = render(...set({ "prometheusRule.enabled": true }));
		expect(JSON.stringify(plain)).not.toMatch(/FireworksIngest|FireworksPipe/);
		const names = alerts.map((a) => a.alert).join();
		expect(names).toContain("FireworksIngestDown");
		expect(names).toContain("FireworksPipelineLag");
	});

	test("the bounds follow the settings", () => {
		const rules = JSON.stringify(
			render(
				...set({
					"prometheusRule.enabled": true,
					"config.FIREWORKS_PARTITIONS": 12,
					"config.FIREWORKS_MIDDLEWARE_CLIENTS_MAX": 500,
					"kafka.external.brokers[0]": "a:1",
				}),
			).find((o) => o.kind === "PrometheusRule"),
		);
		expect(rules).toContain(") < 12");
		expect(rules).toContain("> 0.9 * 500");
		expect(rules).not.toContain("FireworksKafkaDiskFills");
	});
});

describe("the Grafana dashboard", () => {
	const panels = dashboard.panels.filter(
		(p: { type: string }) => p.type !== "row",
	);
	test.each(panels as { title: string; targets: { expr: string }[] }[])(
		"$title asks for metrics that exist",
		({ targets }) => {
			expect(targets.length).toBeGreaterThan(0);
			for (const { expr } of targets) {
				expect(metricsIn(expr).length).toBeGreaterThan(0);
				expect(unknown(expr)).toEqual([]);
			}
		},
	);

	test("the checks of this file find a wrong name and a wrong query", () => {
		expect(unknown("rate(fireworks_typo_total[1m])")).toEqual([
			"fireworks_typo_total",
		]);
		expect(() => metricsIn("sum(rate(up[1m])")).toThrow("not PromQL");
	});
});
