/** The environment of the pods is valid: the catalogue of settings parses it. */
import {
	parseSettings,
	SETTINGS,
	type SettingName,
} from "@fireworks/contracts";
import { describe, expect, test } from "vitest";
import {
	ofKind,
	one,
	type Rendered,
	render,
	SCENARIOS,
	set,
	withoutHelm,
} from "./harness/chart.ts";

/**
 * A container's FIREWORKS_ variables, as the kubelet would compose them. A value from a Secret is
 * shown as its key.
 */
function environment(objects: readonly Rendered[], container: Rendered) {
	const env: Record<string, string> = {};
	for (const { configMapRef } of container.envFrom ?? [])
		Object.assign(env, one(objects, "ConfigMap", configMapRef.name).data);
	for (const { name, value, valueFrom } of container.env ?? [])
		env[name] = value ?? valueFrom.secretKeyRef.key;
	return env;
}

const environmentOf = (objects: readonly Rendered[], part: string) => {
	const deployment = ofKind(objects, "Deployment").find(
		(d) => d.metadata.labels["app.kubernetes.io/component"] === part,
	);
	return environment(objects, deployment.spec.template.spec.containers[0]);
};

const ALL = Object.keys(SETTINGS) as SettingName[];

describe.skipIf(withoutHelm)(`settings ${withoutHelm ?? ""}`, () => {
	test.each(Object.keys(SCENARIOS))(
		"%s: every pod's variables are right settings",
		(scenario) => {
			const objects = render(...(SCENARIOS[scenario] as string[]));
			for (const workload of [
				...ofKind(objects, "Deployment"),
				...ofKind(objects, "Pod"),
			]) {
				const spec = workload.spec.template?.spec ?? workload.spec;
				const env = environment(objects, spec.containers[0]);
				expect(
					() => parseSettings(env, ALL),
					workload.metadata.name,
				).not.toThrow();
			}
		},
	);

	test("a part gets its own settings and the shared ones, and no other part's", () => {
		const objects = render(
			...set({
				"config.FIREWORKS_SEED": "7",
				"config.FIREWORKS_METRONOME_INTERVAL_MS": 250,
				"config.FIREWORKS_PROCESSOR_GROUP": "g",
			}).map((arg) => (arg === "--set" ? "--set-string" : arg)),
		);
		expect(environmentOf(objects, "metronome")).toMatchObject({
			FIREWORKS_SEED: "7",
			FIREWORKS_METRONOME_INTERVAL_MS: "250",
		});
		expect(environmentOf(objects, "processor")).toMatchObject({
			FIREWORKS_PROCESSOR_GROUP: "g",
		});
		expect(environmentOf(objects, "processor")).not.toHaveProperty(
			"FIREWORKS_METRONOME_INTERVAL_MS",
		);
		expect(environmentOf(objects, "dashboard")).not.toHaveProperty(
			"FIREWORKS_BROKERS",
		);
	});

	test("large numbers stay whole", () => {
		const objects = render(...(SCENARIOS["external-scram"] as string[]));
		expect(environmentOf(objects, "metronome").FIREWORKS_RETENTION_MS).toBe(
			"2592000000",
		);
		expect(environmentOf(objects, "processor").FIREWORKS_SEED).toBe(
			"18446744073709551615",
		);
	});

	test("copies: as many as Kafka has nodes, three for an external one, or as said", () => {
		const copies = (...args: string[]) =>
			environmentOf(render(...args), "metronome").FIREWORKS_REPLICATION_FACTOR;
		expect(copies()).toBe("1");
		expect(copies(...set({ "kafka.nodes": 3 }))).toBe("3");
		expect(copies(...set({ "kafka.external.brokers[0]": "a:1" }))).toBe("3");
		expect(
			copies(
				...set({ "kafka.nodes": 3, "config.FIREWORKS_REPLICATION_FACTOR": 2 }),
			),
		).toBe("2");
	});

	test("the table of devices is a file", () => {
		const objects = render(...(SCENARIOS.everything as string[]));
		const env = environmentOf(objects, "metronome");
		expect(env.FIREWORKS_METRONOME_DEVICES).toBeUndefined();
		expect(env.FIREWORKS_METRONOME_DEVICES_FILE).toBe(
			"/etc/fireworks/devices/devices.json",
		);
		expect(
			JSON.parse(
				one(objects, "ConfigMap", "demo-metronome-devices").data[
					"devices.json"
				],
			),
		).toEqual([
			{ deviceId: "boiler", drift: 0.1, volatility: 2 },
			{ deviceId: "Pumpe 'ä' {{ no template }}" },
		]);
	});

	test("an Ingress tells the page its websocket, and the middleware the page's origin", () => {
		const objects = render(...(SCENARIOS.everything as string[]));
		expect(
			environmentOf(objects, "dashboard").FIREWORKS_DASHBOARD_WEBSOCKET_URL,
		).toBe("wss://fireworks.example.org/ws");
		expect(environmentOf(objects, "middleware")).toMatchObject({
			FIREWORKS_MIDDLEWARE_ORIGINS: "https://fireworks.example.org",
			FIREWORKS_MIDDLEWARE_PROXY_HOPS: "1",
			FIREWORKS_ENGINE: "python",
		});
		const plain = render(
			...set({
				"ingress.enabled": true,
				"ingress.host": "a.b",
				"ingress.tls.enabled": false,
			}),
		);
		expect(
			environmentOf(plain, "dashboard").FIREWORKS_DASHBOARD_WEBSOCKET_URL,
		).toBe("ws://a.b/ws");
	});

	test("without another address the page's server relays the websocket to the middleware's Service", () => {
		const objects = render(...set({ fullnameOverride: "demo" }));
		const env = environmentOf(objects, "dashboard");
		expect(env.FIREWORKS_DASHBOARD_WEBSOCKET_URL).toBe("");
		const url = new URL(env.FIREWORKS_DASHBOARD_MIDDLEWARE_URL as string);
		const service = one(objects, "Service", "demo-middleware").spec;
		expect(url.hostname).toBe("demo-middleware.fireworks.svc");
		expect(url.pathname).toBe("/ws");
		expect(service.ports.map((p: Rendered) => String(p.port))).toContain(
			url.port,
		);
	});

	test.each([
		[{ "middleware.auth.relaySecret": "s" }, "fireworks-middleware"],
		[{ "middleware.auth.existingSecret": "mine" }, "mine"],
	])(
		"with %j the page's server and the middleware share a secret",
		(values, secret) => {
			const objects = render(...set(values));
			const of = (part: string) =>
				one(
					objects,
					"Deployment",
					`fireworks-${part}`,
				).spec.template.spec.containers[0].env.find(
					(e: Rendered) => e.name === "FIREWORKS_RELAY_SECRET",
				);
			expect(of("dashboard").valueFrom.secretKeyRef).toEqual({
				name: secret,
				key: "relay-secret",
				optional: true,
			});
			expect(of("middleware")).toEqual(of("dashboard"));
			if (secret === "fireworks-middleware")
				expect(one(objects, "Secret", secret).stringData).toEqual({
					"relay-secret": "s",
				});
		},
	);

	test("secrets are files, and their names point to what is mounted", () => {
		const objects = render(...(SCENARIOS["external-oauth"] as string[]));
		const env = environmentOf(objects, "processor");
		const processor = one(objects, "Deployment", "fireworks-processor").spec
			.template.spec;
		expect(JSON.stringify(ofKind(objects, "ConfigMap"))).not.toContain(
			"s3cret",
		);
		const files = processor.volumes[0].projected.sources.flatMap(
			(s: Rendered) =>
				s.secret.items.map(
					(i: { path: string }) => `/etc/fireworks/kafka/${i.path}`,
				),
		);
		const named = Object.entries(env)
			.filter(([name]) => name.endsWith("_FILE"))
			.map(([, path]) => path);
		expect(named.sort()).toEqual(files.sort());
		expect(processor.containers[0].volumeMounts[0].mountPath).toBe(
			"/etc/fireworks/kafka",
		);
		expect(
			one(objects, "Secret", "fireworks-kafka-client").stringData.password,
		).toBe("s3cret");
	});
});
