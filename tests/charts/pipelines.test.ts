/** The objects of pipelines. Those that all pods must have are checked in pods.test.ts. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
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
			...["ConfigMap", "Deployment", "NetworkPolicy"],
			...["Service", "ServiceAccount"],
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

	test("Prometheus finds their Services by the label of the ServiceMonitor", () => {
		const all = render(
			...(SCENARIOS.pipelines as string[]),
			...set({ "serviceMonitor.enabled": true }),
		);
		const { selector, endpoints } = one(
			all,
			"ServiceMonitor",
			"fireworks-parts",
		).spec;
		const service = one(all, "Service", "fireworks-pipeline-rain");
		expect(service.metadata.labels).toMatchObject(selector.matchLabels);
		expect(service.spec.ports).toMatchObject([
			{ name: endpoints[0].port, port: 8083 },
		]);
		const pod = one(all, "Deployment", "fireworks-pipeline-rain").spec.template;
		expect(pod.metadata.labels).toMatchObject(service.spec.selector);
	});

	test("KEDA scales one by the lag of its stages, and then nothing else does", () => {
		const all = render(
			...(SCENARIOS.pipelines as string[]),
			...set({
				"pipelines.rain.keda.enabled": true,
				"pipelines.rain.keda.maxReplicas": 3,
				"pipelines.rain.keda.stages[0].stage": "rain-means",
				"pipelines.rain.keda.stages[0].topic": "rain-readings",
			}),
		);
		const { spec } = one(all, "ScaledObject", "fireworks-pipeline-rain");
		expect(spec).toMatchObject({
			scaleTargetRef: { name: "fireworks-pipeline-rain" },
			minReplicaCount: 1,
			maxReplicaCount: 3,
			triggers: [
				{
					metadata: {
						consumerGroup: "fireworks-rain-means",
						topic: "rain-readings",
						lagThreshold: "1000",
					},
				},
			],
		});
		const deployment = one(all, "Deployment", "fireworks-pipeline-rain");
		expect(deployment.spec.replicas).toBeUndefined();
		expect(ofKind(all, "ScaledObject")).toHaveLength(1);
	});

	test("`helm test` asks each of them, and fails if one is not ready", async () => {
		const { spec } = one(objects(), "Pod", "fireworks-test-pipelines");
		const [{ command, args }] = spec.containers;
		expect(command).toEqual(["node"]);
		expect(args.slice(-2)).toEqual([
			"http://fireworks-pipeline-rain.fireworks.svc:8083/readyz",
			"http://fireworks-pipeline-weather.fireworks.svc:8083/readyz",
		]);
		let asked = 0;
		const server = createServer((request, response) => {
			asked++;
			// The first answer is that of a pipeline that still starts.
			const ready = request.url === "/ready" && asked > 1;
			response.writeHead(ready ? 200 : 503).end("rain-means: restoring");
		}).listen(0, "127.0.0.1");
		await once(server, "listening");
		const { port } = server.address() as AddressInfo;
		try {
			const run = (path: string) =>
				promisify(execFile)(process.execPath, [
					...args.slice(0, -2),
					`http://127.0.0.1:${port}${path}`,
				]);
			expect((await run("/ready")).stdout).toMatch(/ready: ready\n$/);
			await expect(run("/not")).rejects.toMatchObject({
				code: 1,
				stdout: expect.stringContaining("503 rain-means: restoring"),
			});
		} finally {
			server.close();
		}
	});

	test.each([
		[{ "pipelines.a.keda.enabled": true }, /pipelines.a.keda needs stages/],
		[
			{
				"pipelines.a.keda.enabled": true,
				"pipelines.a.keda.maxReplicas": 5,
				"pipelines.a.keda.stages[0].stage": "s",
				"pipelines.a.keda.stages[0].topic": "t",
			},
			/maxReplicas is 5, and there are 4 partitions/,
		],
		[
			{ fullnameOverride: "f".repeat(46), "pipelines.abcdefgh.replicas": 1 },
			/more than 63 characters/,
		],
		[
			{ "pipelines.a.replicas": 5 },
			/replicas is 5, and there are 4 partitions/,
		],
		[{ "pipelines.A_b.replicas": 1 }, /A_b/],
		[{ "pipelines.a.replica": 1 }, /replica/],
	])("wrong values are refused: %j", (values, reason) => {
		const { code, stderr } = tryRender(set(values));
		expect(code).not.toBe(0);
		expect(stderr).toMatch(reason);
	});
});
