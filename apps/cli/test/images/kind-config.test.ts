import { expect, test } from "vitest";
import { kindConfig } from "../../src/images/kind-config.ts";

const OPTIONS = {
	name: "fireworks",
	nodes: 1,
	dashboardPort: 3000,
	middlewarePort: 8080,
};

test("one node, the page and the middleware on this machine's loopback", () => {
	expect(kindConfig(OPTIONS)).toBe(`kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
name: fireworks
nodes:
  - role: control-plane
    extraPortMappings:
      - hostPort: 3000
        containerPort: 30300
        listenAddress: 127.0.0.1
        protocol: TCP
      - hostPort: 8080
        containerPort: 30808
        listenAddress: 127.0.0.1
        protocol: TCP
`);
});

test("three nodes are one control plane and two workers; ports are as asked", () => {
	const lines = kindConfig({
		...OPTIONS,
		nodes: 3,
		dashboardPort: 4000,
		middlewarePort: 4001,
	}).split("\n");
	expect(lines.filter((l) => l.includes("role: control-plane"))).toHaveLength(
		1,
	);
	expect(lines.filter((l) => l.includes("role: worker"))).toHaveLength(2);
	expect(lines.filter((l) => l.includes("hostPort"))).toEqual([
		"      - hostPort: 4000",
		"      - hostPort: 4001",
	]);
});
