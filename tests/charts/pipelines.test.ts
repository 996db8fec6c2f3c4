/** The objects of pipelines. Those that all pods must have are checked in pods.test.ts. */
import { describe, expect, test } from "vitest";
import {
	ofKind,
	one,
	render,
	SCENARIOS,
	set,
	tryRender,
	withoutHelm,
} from "./harness/chart.ts";

describe.skipIf(withoutHelm)(`pipelines ${withoutHelm ?? ""}`, () => {
	const objects = () => render(...(SCENARIOS.pipelines as string[]));
	const names = (kind: string) =>
		ofKind(objects(), kind)
			.map(({ metadata }) => metadata.name as string)
			.filter((name) => name.startsWith("fireworks-pipeline-"))
			.sort();

	test("by default there are none", () => {
		expect(JSON.stringify(render())).not.toContain("pipeline-");
	});

	test("each has its objects; a PodDisruptionBudget only with several pods", () => {
		const both = ["fireworks-pipeline-rain", "fireworks-pipeline-weather"];
		for (const kind of [
			...["ConfigMap", "Deployment", "NetworkPolicy", "ServiceAccount"],
		])
			expect(names(kind), kind).toEqual(both);
		expect(names("PodDisruptionBudget")).toEqual([
			"fireworks-pipeline-weather",
		]);
	});

	test("each runs its own bundle of one image; its values are over the defaults", () => {
		const deployment = (name: string) =>
			one(objects(), "Deployment", `fireworks-pipeline-${name}`).spec;
		const [rain, weather] = [deployment("rain"), deployment("weather")];
		expect([rain.replicas, weather.replicas]).toEqual([1, 2]);
		for (const [name, spec] of Object.entries({ rain, weather })) {
			const [container] = spec.template.spec.containers;
			expect(container.image).toMatch(/fireworks\/pipelines:/);
			expect(container.args).toEqual([`${name}/main.js`]);
			expect(spec.template.spec.nodeSelector).toEqual({
				"kubernetes.io/arch": "arm64",
			});
		}
		const memory = (spec: typeof rain) =>
			spec.template.spec.containers[0].resources.limits;
		expect(memory(rain)).toMatchObject({ memory: "448Mi" });
		expect(memory(weather)).toEqual({
			memory: "1Gi",
			"ephemeral-storage": "64Mi",
		});
		expect(weather.template.metadata.labels).toMatchObject({ team: "streams" });
		expect(rain.template.metadata.labels).not.toHaveProperty("team");
	});

	test.each([
		[
			{ "pipelines.a.replicas": 5 },
			/replicas is 5, and there are 4 partitions/,
		],
		[{ "pipelines.A_b.replicas": 1 }, /A_b/],
		[{ "pipelines.a.replica": 1 }, /replica/],
	])("wrong values are refused: %j", (values, reason) => {
		const { code, stderr } = tryRender(set(values as Record<string, number>));
		expect(code).not.toBe(0);
		expect(stderr).toMatch(reason);
	});
});
