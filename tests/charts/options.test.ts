/** The options: ingress, scaling, monitoring, and all others. */
import {
	cpSync,
	mkdtempSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
	CHART,
	ofKind,
	one,
	parseObjects,
	render,
	SCENARIOS,
	set,
	tryRender,
	withoutHelm,
} from "./harness/chart.ts";

const ingress = (values: Record<string, string | number | boolean>) =>
	render(
		...set({
			"ingress.enabled": true,
			"ingress.host": "a.example.org",
			...values,
		}),
	);
const annotationsOf = (controller: string) =>
	one(
		ingress({ "ingress.controller": controller }),
		"Ingress",
		"fireworks-public",
	).metadata.annotations;

/**
 * The chart's notes. Only an install prints them, and even a dry run contacts a cluster. So they
 * are rendered as an object of a copy of the chart.
 */
function notes(...args: string[]): string {
	const copy = mkdtempSync(join(tmpdir(), "fireworks-chart-"));
	try {
		cpSync(CHART, copy, { recursive: true });
		renameSync(join(copy, "templates", "NOTES.txt"), join(copy, "notes.tpl"));
		writeFileSync(
			join(copy, "templates", "notes.yaml"),
			'kind: Notes\ntext: {{ tpl (.Files.Get "notes.tpl") . | toJson }}\n',
		);
		const { stdout, stderr } = tryRender(args, copy);
		const object = parseObjects(stdout).find((o) => o.kind === "Notes");
		if (object === undefined) throw new Error(stderr);
		return object.text;
	} finally {
		rmSync(copy, { recursive: true });
	}
}

describe.skipIf(withoutHelm)(`options ${withoutHelm ?? ""}`, () => {
	test("a plain release has none of them", () => {
		const kinds = new Set(render().map((o) => o.kind));
		expect([...kinds].sort()).toEqual([
			"ConfigMap",
			"Deployment",
			"NetworkPolicy",
			"Pod",
			"PodDisruptionBudget",
			"Service",
			"ServiceAccount",
			"StatefulSet",
		]);
	});

	test("Ingress: / is the page, /ws the websocket, TLS where there is a Secret", () => {
		const { spec } = one(
			ingress({ "ingress.tls.secretName": "tls" }),
			"Ingress",
			"fireworks-public",
		);
		expect(
			spec.rules[0].http.paths.map(
				(p: {
					path: string;
					pathType: string;
					backend: { service: { name: string } };
				}) => [p.path, p.pathType, p.backend.service.name],
			),
		).toEqual([
			["/ws", "Exact", "fireworks-middleware"],
			["/", "Prefix", "fireworks-dashboard"],
		]);
		expect(spec.tls).toEqual([{ hosts: ["a.example.org"], secretName: "tls" }]);
	});

	test("nginx and ALB: a websocket may be silent for an hour; own annotations go before", () => {
		expect(
			annotationsOf("nginx")["nginx.ingress.kubernetes.io/proxy-read-timeout"],
		).toBe("3600");
		expect(annotationsOf("alb")).toMatchObject({
			"alb.ingress.kubernetes.io/target-type": "ip",
			"alb.ingress.kubernetes.io/load-balancer-attributes":
				"idle_timeout.timeout_seconds=3600",
		});
		const own = render(...(SCENARIOS.everything as string[]));
		expect(
			one(own, "Ingress", "demo-public").metadata.annotations[
				"nginx.ingress.kubernetes.io/proxy-read-timeout"
			],
		).toBe("7200");
	});

	test("ALB asks each part's /readyz", () => {
		for (const part of ["middleware", "dashboard"])
			expect(
				one(
					ingress({ "ingress.controller": "alb" }),
					"Service",
					`fireworks-${part}`,
				).metadata.annotations["alb.ingress.kubernetes.io/healthcheck-path"],
			).toBe("/readyz");
	});

	test("GKE: a BackendConfig, named by the Service, lets websockets live and asks /readyz", () => {
		const objects = ingress({ "ingress.controller": "gce" });
		const named = JSON.parse(
			one(objects, "Service", "fireworks-middleware").metadata.annotations[
				"cloud.google.com/backend-config"
			],
		).default;
		expect(one(objects, "BackendConfig", named).spec).toMatchObject({
			timeoutSec: 3600,
			healthCheck: { requestPath: "/readyz" },
		});
	});

	test("HTTPRoute: the websocket's rule has no time-out", () => {
		const { spec } = one(
			render(...(SCENARIOS.gateway as string[])),
			"HTTPRoute",
			"fireworks-public",
		);
		expect(spec.rules[0]).toMatchObject({
			matches: [{ path: { type: "Exact", value: "/ws" } }],
			backendRefs: [{ name: "fireworks-middleware", port: 80 }],
			timeouts: { request: "0s", backendRequest: "0s" },
		});
		expect(spec.rules[1].timeouts).toBeUndefined();
	});

	test("what scales the replicas is the only one that says them", () => {
		const objects = render(...(SCENARIOS.everything as string[]));
		for (const part of ["processor", "middleware", "dashboard"])
			expect(
				one(objects, "Deployment", `demo-${part}`).spec.replicas,
				part,
			).toBeUndefined();
		for (const part of ["middleware", "dashboard"])
			expect(
				one(objects, "HorizontalPodAutoscaler", `demo-${part}`).spec
					.scaleTargetRef.name,
			).toBe(`demo-${part}`);
		expect(
			one(render(), "Deployment", "fireworks-metronome").spec,
		).toMatchObject({ replicas: 1, strategy: { type: "Recreate" } });
	});

	test("KEDA reads the lag of the processor's group on the ticks, with its credentials", () => {
		const objects = render(
			...(SCENARIOS["external-scram"] as string[]),
			...set({
				"processor.keda.enabled": true,
				"processor.keda.maxReplicas": 12,
			}),
		);
		const { spec } = one(objects, "ScaledObject", "fireworks-processor");
		expect(spec.maxReplicaCount).toBe(12);
		expect(spec.triggers[0].metadata).toMatchObject({
			topic: "metronome",
			consumerGroup: "fireworks-processor",
			sasl: "scram_sha512",
			tls: "enable",
			bootstrapServers: expect.stringContaining(":9096"),
		});
		const authentication = one(
			objects,
			"TriggerAuthentication",
			spec.triggers[0].authenticationRef.name,
		).spec;
		expect(authentication.secretTargetRef).toEqual([
			{ parameter: "password", name: "kafka-user", key: "password" },
			{ parameter: "ca", name: "kafka-ca", key: "ca.crt" },
		]);
		const source = authentication.configMapTargetRef[0];
		expect(one(objects, "ConfigMap", source.name).data[source.key]).toBe(
			"fireworks",
		);
	});

	test("the ServiceMonitor finds the parts with metrics, and only those", () => {
		const objects = render(...set({ "serviceMonitor.enabled": true }));
		const { matchLabels } = one(objects, "ServiceMonitor", "fireworks-parts")
			.spec.selector;
		const found = ofKind(objects, "Service").filter((s) =>
			Object.entries(matchLabels).every(([k, v]) => s.metadata.labels[k] === v),
		);
		expect(found.map((s) => s.metadata.name).sort()).toEqual([
			"fireworks-metronome",
			"fireworks-middleware",
			"fireworks-processor",
		]);
	});

	test("extra manifests are objects or templates", () => {
		const objects = render(...(SCENARIOS.everything as string[]));
		expect(one(objects, "ConfigMap", "extra").data.release).toBe("fireworks");
		one(objects, "ConfigMap", "extra-text-fireworks");
	});

	test("engines: the image by the engine, the rest as it is", () => {
		const imageOf = (engine: string) =>
			one(
				render(...set({ "processor.engine": engine })),
				"Deployment",
				"fireworks-processor",
			).spec.template.spec.containers[0].image;
		expect(imageOf("typescript")).toBe("fireworks/processor:0.1.0");
		expect(imageOf("python")).toBe("fireworks/engine-python:0.1.0");
	});

	test("a node port is that of the part's own port", () => {
		const ports = one(
			render(...(SCENARIOS.kind as string[])),
			"Service",
			"fireworks-dashboard",
		).spec.ports;
		expect(ports).toMatchObject([
			{ port: 80 },
			{ port: 3000, nodePort: 30300 },
		]);
	});

	test.each([
		["kind", ["-f", `${CHART}/values-kind.yaml`], "http://localhost:3000"],
		[
			"eks",
			["-f", `${CHART}/values-eks.yaml`],
			"https://fireworks.example.org/",
		],
		["no way in", [], "port-forward service/fireworks-dashboard 3000:3000"],
		[
			"load balancer",
			set({ "dashboard.service.type": "LoadBalancer" }),
			"get service fireworks-dashboard",
		],
	])("the notes of %s say how to get in, and how to test", (_, args, says) => {
		const text = notes(...args);
		expect(text).toContain(says);
		expect(text).toContain("helm test -n fireworks fireworks --logs");
	});

	test("a wrong combination is refused without a stack of templates", () => {
		expect(tryRender(set({ "ingress.enabled": true })).stderr).toContain(
			"ingress.enabled needs ingress.host",
		);
	});
});
