/** Special clusters: OpenShift, IPv6, a service mesh. */
import { describe, expect, test } from "vitest";
import {
	ofKind,
	one,
	parseObjects,
	podsOf,
	type Rendered,
	render,
	renderText,
	SCENARIOS,
	set,
	tryRender,
	withoutHelm,
} from "./harness/chart.ts";

const ENGINES = ["typescript", "python", "spark"];
const withEngine = (engine: string, ...args: string[]) => [
	...args,
	...set({ "processor.engine": engine }),
];
const OPENSHIFT_API = ["--api-versions", "security.openshift.io/v1"];

describe.skipIf(withoutHelm)(`OpenShift ${withoutHelm ?? ""}`, () => {
	test.each(
		ENGINES.flatMap((engine) => [
			[engine, "by the value", set({ platform: "openshift" })] as const,
			[engine, "by the cluster's API", OPENSHIFT_API] as const,
		]),
	)("%s, %s: no user, no group, and still restricted", (engine, _, args) => {
		const text = renderText(withEngine(engine, ...args));
		expect(text).not.toMatch(
			/runAsUser|runAsGroup|fsGroup:|supplementalGroups/,
		);
		for (const { spec } of podsOf(parseObjects(text)))
			expect(spec.securityContext).toMatchObject({
				runAsNonRoot: true,
				seccompProfile: { type: "RuntimeDefault" },
			});
	});

	test("the value goes before what the cluster says", () => {
		const args = [...OPENSHIFT_API, ...set({ platform: "kubernetes" })];
		expect(renderText(args)).toBe(renderText(set({ platform: "kubernetes" })));
		expect(renderText(args).match(/runAsUser: 1000/g)).toHaveLength(7);
		const kafka = set({
			platform: "openshift",
			"kafka.platform": "kubernetes",
		});
		expect(renderText(kafka).match(/runAsUser: 1000/g)).toHaveLength(1);
	});

	test.each(ENGINES)(
		"%s: what a container may write to is a volume",
		(engine) => {
			// Works for any user: the root file system is read-only, and volumes belong to the pod.
			const objects = render(
				...withEngine(engine, ...set({ platform: "openshift" })),
			);
			for (const { name, spec } of podsOf(objects))
				for (const container of spec.containers)
					expect(container.securityContext.readOnlyRootFilesystem, name).toBe(
						true,
					);
		},
	);
});

/** Ports and addresses of DNS in each policy that allows egress by name. */
const dnsRules = (objects: Rendered[]) =>
	ofKind(objects, "NetworkPolicy").flatMap((policy) =>
		(policy.spec.egress ?? [])
			.filter((rule: Rendered) =>
				rule.to?.some((peer: Rendered) => peer.namespaceSelector !== undefined),
			)
			.map((rule: Rendered) => ({
				ports: rule.ports.map(
					(p: Rendered) => `${p.protocol} ${p.port as number}`,
				),
				blocks: rule.to.flatMap((p: Rendered) => p.ipBlock?.cidr ?? []),
			})),
	);

describe.skipIf(withoutHelm)(`DNS ${withoutHelm ?? ""}`, () => {
	test.each([
		["default", [], ["UDP 53", "TCP 53"]],
		[
			"OpenShift",
			set({ platform: "openshift" }),
			["UDP 53", "TCP 53", "UDP 5353", "TCP 5353"],
		],
		[
			"by the value",
			["--set-json", "networkPolicy.dnsPorts=[53,1053]"],
			["UDP 53", "TCP 53", "UDP 1053", "TCP 1053"],
		],
	])("%s: every policy that has DNS has these ports", (_, args, ports) => {
		const rules = dnsRules(render(...args));
		// metronome, processor, middleware, audit, kafka
		expect(rules.length).toBeGreaterThanOrEqual(5);
		for (const rule of rules) expect(rule.ports).toEqual(ports);
	});

	test("NodeLocal DNS: its address is a value, of IPv6 too", () => {
		const [rule, ...more] = dnsRules(
			render("--set-json", 'networkPolicy.dnsAddresses=["fd00::a/128"]'),
		);
		expect(rule?.blocks).toContain("fd00::a/128");
		for (const { blocks } of more) expect(blocks).toContain("fd00::a/128");
		for (const { blocks } of dnsRules(render()))
			expect(blocks).toEqual(["169.254.20.10/32"]);
	});
});

describe.skipIf(withoutHelm)(`IPv6 ${withoutHelm ?? ""}`, () => {
	const everywhere = [
		...Object.entries(SCENARIOS).map(([name, args]) => ({ name, args })),
		{ name: "spark", args: withEngine("spark") },
	];

	test.each(everywhere)(
		"$name: nothing listens on IPv4 alone, every Service has both families",
		({ args }) => {
			const objects = render(...args);
			const text = JSON.stringify(
				objects.filter((o) => o.kind !== "NetworkPolicy"),
			);
			expect(text).not.toContain("0.0.0.0");
			expect(text).not.toContain("127.0.0.1:9092");
			for (const service of ofKind(objects, "Service"))
				expect(service.spec.ipFamilyPolicy, service.metadata.name).toBe(
					"PreferDualStack",
				);
			const config = ofKind(objects, "ConfigMap").find((c) =>
				c.metadata.name.endsWith("-config"),
			);
			expect(config.data.FIREWORKS_HOST).toBe("::");
		},
	);

	test("values choose: IPv4 alone, and one family", () => {
		const objects = render(
			...withEngine(
				"spark",
				...set({ listenAddress: "0.0.0.0", ipFamilyPolicy: "SingleStack" }),
			),
		);
		expect(
			one(objects, "ConfigMap", "fireworks-config").data.FIREWORKS_HOST,
		).toBe("0.0.0.0");
		const [driver] = one(objects, "Deployment", "fireworks-processor").spec
			.template.spec.containers;
		expect(driver.env).toContainEqual({
			name: "SPARK_DRIVER_BIND_ADDRESS",
			valueFrom: { fieldRef: { fieldPath: "status.podIP" } },
		});
		for (const service of ofKind(objects, "Service"))
			expect(service.spec.ipFamilyPolicy).toBe("SingleStack");
	});

	test("an address in brackets is a broker, and its port the policy's", () => {
		const objects = render(
			"--set-json",
			'kafka.external.brokers=["[2001:db8::1]:9092","[fe80::1%eth0]:9093","a.example.org:9094","10.0.0.1:9095"]',
		);
		expect(
			one(objects, "ConfigMap", "fireworks-config").data.FIREWORKS_BROKERS,
		).toBe(
			"[2001:db8::1]:9092,[fe80::1%eth0]:9093,a.example.org:9094,10.0.0.1:9095",
		);
		const ports = one(
			objects,
			"NetworkPolicy",
			"fireworks-processor",
		).spec.egress.flatMap((rule: Rendered) =>
			rule.to ? [] : rule.ports.map((p: { port: number }) => p.port),
		);
		expect(ports).toEqual([9092, 9093, 9094, 9095]);
	});

	test.each([
		"2001:db8::1:9092",
		"[2001:db8::1]",
		"[::1]9092",
		"[a.b]:1",
		"[::1:1",
	])("the broker %s is refused", (broker) => {
		const { code, stderr } = tryRender([
			"--set-json",
			`kafka.external.brokers=[${JSON.stringify(broker)}]`,
		]);
		expect(code).not.toBe(0);
		expect(stderr).toContain("/kafka/external/brokers");
	});
});

describe.skipIf(withoutHelm)(`a service mesh ${withoutHelm ?? ""}`, () => {
	const rule = { ports: [{ protocol: "TCP", port: 15_012 }] };
	const extra = (engine: string) =>
		render(
			...withEngine(engine),
			"--set-json",
			`networkPolicy.extraEgress=${JSON.stringify([rule])}`,
			"--set-json",
			`networkPolicy.extraIngress=${JSON.stringify([rule])}`,
		);

	test.each(ENGINES)(
		"%s: further rules are in the policy of every part",
		(engine) => {
			const policies = ofKind(extra(engine), "NetworkPolicy").filter(
				(p) => !p.metadata.name.endsWith("default-deny"),
			);
			expect(policies.length).toBe(engine === "spark" ? 8 : 6);
			for (const { metadata, spec } of policies) {
				expect(spec.policyTypes, metadata.name).toEqual(["Ingress", "Egress"]);
				expect(spec.egress, metadata.name).toContainEqual(rule);
				expect(spec.ingress, metadata.name).toContainEqual(rule);
			}
		},
	);

	test("Kafka's own further rules are added to the chart's", () => {
		const own = { ports: [{ protocol: "TCP", port: 1 }] };
		const { egress } = one(
			render(
				"--set-json",
				`networkPolicy.extraEgress=${JSON.stringify([rule])}`,
				"--set-json",
				`kafka.networkPolicy.extraEgress=${JSON.stringify([own])}`,
			),
			"NetworkPolicy",
			"fireworks-kafka",
		).spec;
		expect(egress).toContainEqual(rule);
		expect(egress).toContainEqual(own);
	});

	const tests = (objects: Rendered[]) => ofKind(objects, "Pod");
	const cliPod = (objects: Rendered[]) =>
		JSON.parse(
			ofKind(objects, "Deployment").find((d) =>
				d.metadata.name.endsWith("-metronome"),
			).metadata.annotations["fireworks.dev/cli-pod"],
		);

	test("pods that must end have no sidecar by default: of `helm test`, and of the audit's Job", () => {
		const objects = render();
		expect(tests(objects)).toHaveLength(2);
		for (const { metadata } of tests(objects))
			expect(metadata.annotations).toMatchObject({
				"sidecar.istio.io/inject": "false",
				"helm.sh/hook": "test",
			});
		expect(cliPod(objects).annotations["sidecar.istio.io/inject"]).toBe(
			"false",
		);
	});

	test("cli.podAnnotations and cli.podLabels are on both", () => {
		const objects = render(
			"--set-json",
			'cli.podAnnotations={"sidecar.istio.io/inject":"true","a":"1"}',
			"--set-json",
			'cli.podLabels={"team":"b"}',
		);
		for (const { metadata } of tests(objects)) {
			expect(metadata.annotations).toMatchObject({
				"sidecar.istio.io/inject": "true",
				a: "1",
				"helm.sh/hook": "test",
			});
			expect(metadata.labels).toMatchObject({
				team: "b",
				"app.kubernetes.io/component": "test",
			});
		}
		expect(cliPod(objects)).toMatchObject({
			annotations: { "sidecar.istio.io/inject": "true", a: "1" },
			labels: { team: "b" },
		});
	});
});
