import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CHART } from "../../../src/cluster/helm/chart.ts";
import { kindConfig } from "../../../src/cluster/kind/create.ts";
import { ROOT } from "../../../src/project.ts";

const DEFAULTS = { nodes: 1, dashboardPort: 3000, middlewarePort: 8080 };
const FILE = readFileSync(join(ROOT, "kind/cluster.yaml"), "utf8");

test("with the defaults, the cluster is exactly kind/cluster.yaml", () => {
	expect(kindConfig(DEFAULTS)).toBe(FILE);
});

test("each port is replaced once, even if one is the other's default", () => {
	const config = kindConfig({
		...DEFAULTS,
		dashboardPort: 8080,
		middlewarePort: 3000,
	});
	expect(config.match(/hostPort: \d+/g)).toEqual([
		"hostPort: 8080",
		"hostPort: 3000",
	]);
});

test("three nodes are one control plane and two workers", () => {
	const config = kindConfig({ ...DEFAULTS, nodes: 3 });
	expect(config.match(/role: \S+/g)).toEqual([
		"role: control-plane",
		"role: worker",
		"role: worker",
	]);
});

test("the container ports are the NodePorts of values-kind.yaml", () => {
	const values = readFileSync(join(CHART, "values-kind.yaml"), "utf8");
	const ports = [...FILE.matchAll(/containerPort: (\d+)/g)].map(([, p]) => p);
	expect(ports).toHaveLength(2);
	for (const port of ports) expect(values).toMatch(new RegExp(`: ${port}\\b`));
});
