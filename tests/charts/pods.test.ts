/** What every pod of every scenario must have. */
import { describe, expect, test } from "vitest";
import { podsOf, render, SCENARIOS, withoutHelm } from "./harness/chart.ts";

const everyPod = Object.entries(SCENARIOS).flatMap(([scenario, args]) =>
	withoutHelm === undefined
		? podsOf(render(...args)).map((pod) => ({ scenario, ...pod }))
		: [],
);
const services = everyPod.filter((pod) => pod.workload.kind !== "Pod");

describe.skipIf(withoutHelm)(`pods ${withoutHelm ?? ""}`, () => {
	test("there are pods of all parts in all scenarios", () => {
		for (const scenario of Object.keys(SCENARIOS)) {
			const names = everyPod.filter((pod) => pod.scenario === scenario).length;
			// Two pipelines, and the pod of `helm test` that asks them.
			const pipelines = scenario === "pipelines" ? 3 : 0;
			const ingest = ["everything", "ingest"].includes(scenario) ? 1 : 0;
			const kafka = scenario.startsWith("external") ? 0 : 1;
			expect(names, scenario).toBe(6 + kafka + pipelines + ingest);
		}
	});

	test.each(everyPod)(
		"$scenario $name: Pod Security restricted, no token, no service links",
		({ spec }) => {
			expect(spec.automountServiceAccountToken).toBe(false);
			expect(spec.enableServiceLinks).toBe(false);
			expect(spec.securityContext).toMatchObject({
				runAsNonRoot: true,
				runAsUser: 1000,
				seccompProfile: { type: "RuntimeDefault" },
			});
			for (const key of ["hostNetwork", "hostPID", "hostIPC"])
				expect(spec[key]).toBeUndefined();
			for (const container of spec.containers) {
				expect(container.securityContext).toEqual({
					allowPrivilegeEscalation: false,
					readOnlyRootFilesystem: true,
					capabilities: { drop: ["ALL"] },
				});
				expect(container.image).toMatch(
					/(:(?!latest)[^/]+|@sha256:[0-9a-f]{64})$/,
				);
				for (const side of ["requests", "limits"])
					expect(container.resources[side].memory).toBeDefined();
				expect(container.resources.requests.cpu).toBeDefined();
			}
			for (const volume of spec.volumes ?? [])
				expect(volume.hostPath).toBeUndefined();
		},
	);

	test.each(services)(
		"$scenario $name: three probes, none like another; spread; time to stop",
		({ spec, metadata }) => {
			const [container] = spec.containers;
			const probes = ["startupProbe", "readinessProbe", "livenessProbe"].map(
				(probe) => JSON.stringify(container[probe]),
			);
			expect(new Set(probes).size).toBe(3);
			expect(probes).not.toContain(undefined);
			expect(spec.topologySpreadConstraints).toHaveLength(2);
			for (const constraint of spec.topologySpreadConstraints)
				expect(metadata.labels).toMatchObject(
					constraint.labelSelector.matchLabels,
				);
			expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(10);
			expect(spec.serviceAccountName).toBeDefined();
		},
	);

	test("the pod gets five seconds more than the part takes to stop", () => {
		const [pod] = podsOf(render("--set", "stopGraceMs=61500"));
		expect(pod?.spec.terminationGracePeriodSeconds).toBe(67);
	});

	test("every volume that is mounted is there, and the other way round", () => {
		for (const { scenario, name, spec, workload } of everyPod) {
			const claims = workload.spec.volumeClaimTemplates ?? [];
			const there = [
				...(spec.volumes ?? []).map((v: { name: string }) => v.name),
				...claims.map((c: { metadata: { name: string } }) => c.metadata.name),
			].sort();
			const mounted = spec.containers
				.flatMap(
					(c: { volumeMounts?: { name: string }[] }) => c.volumeMounts ?? [],
				)
				.map((m: { name: string }) => m.name);
			// One volume may be mounted at several places (subPath).
			expect([...new Set(mounted)].sort(), `${scenario} ${name}`).toEqual(
				there,
			);
		}
	});

	test("the namespace of values-kind may use less than 2.5 GB", () => {
		const bytes = everyPod
			.filter((pod) => pod.scenario === "kind" && pod.workload.kind !== "Pod")
			.flatMap(({ spec }) => spec.containers)
			.map((c) => c.resources.limits.memory as string)
			.map((text) => Number(/^(\d+)Mi$/.exec(text)?.[1]) * 1_048_576);
		expect(bytes).toHaveLength(5);
		expect(bytes.reduce((a, b) => a + b)).toBeLessThan(2.5e9);
	});
});
