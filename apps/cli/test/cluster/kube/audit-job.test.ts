import { expect, test } from "vitest";
import {
	auditJob,
	cliImageNextTo,
} from "../../../src/cluster/kube/audit-job.ts";

const securityContext = { readOnlyRootFilesystem: true };
const metronome = {
	metadata: { name: "fireworks-metronome" },
	spec: {
		selector: {},
		template: {
			metadata: {
				labels: { "app.kubernetes.io/component": "metronome", team: "a" },
			},
			spec: {
				serviceAccountName: "fireworks-metronome",
				securityContext: { runAsNonRoot: true },
				volumes: [{ name: "kafka-credentials", secret: {} }],
				containers: [
					{
						name: "metronome",
						image: "x/metronome:1",
						imagePullPolicy: "Never",
						env: [
							{ name: "NODE_OPTIONS", value: "--max-old-space-size=96" },
							{ name: "OTHER", value: "1" },
						],
						envFrom: [{ configMapRef: { name: "fireworks-config" } }],
						volumeMounts: [{ name: "kafka-credentials", mountPath: "/k" }],
						ports: [{ containerPort: 8081 }],
						livenessProbe: {},
						securityContext,
					},
				],
			},
		},
	},
};

test("the audit's pod knows Kafka as the metronome does, but does not count as one of its pods", () => {
	const { metadata, spec } = auditJob({
		release: "fireworks",
		namespace: "ns",
		metronome,
		image: "x/cli:1",
		args: ["audit", "--json"],
	});
	const { template } = spec ?? {};
	const [container] = template?.spec?.containers ?? [];
	expect(metadata?.labels).toEqual({
		"app.kubernetes.io/component": "audit",
		"app.kubernetes.io/instance": "fireworks",
		team: "a",
	});
	expect(template?.metadata?.labels).toEqual(metadata?.labels);
	expect(container).toMatchObject({
		image: "x/cli:1",
		imagePullPolicy: "Never",
		args: ["audit", "--json"],
		env: [{ name: "OTHER", value: "1" }],
		envFrom: [{ configMapRef: { name: "fireworks-config" } }],
		volumeMounts: [{ name: "kafka-credentials", mountPath: "/k" }],
		securityContext,
	});
	expect(container).not.toHaveProperty("livenessProbe");
	expect(container).not.toHaveProperty("ports");
	expect(template?.spec).toMatchObject({
		restartPolicy: "Never",
		automountServiceAccountToken: false,
		enableServiceLinks: false,
		volumes: [{ name: "kafka-credentials", secret: {} }],
		securityContext: { runAsNonRoot: true },
	});
});

const templateOf = (own: object, labels: Record<string, string> = {}) =>
	auditJob({
		release: "fireworks",
		namespace: "ns",
		metronome: {
			...metronome,
			metadata: own,
			spec: {
				...metronome.spec,
				template: { ...metronome.spec.template, metadata: { labels } },
			},
		},
		image: "x/cli:1",
		args: ["audit"],
	}).spec?.template.metadata;

test("the pod takes the chart's cli.podAnnotations and cli.podLabels, and no sidecar of the metronome's", () => {
	const cliPod = { annotations: { a: "1" }, labels: { team: "b" } };
	const metadata = templateOf(
		{ annotations: { "fireworks.dev/cli-pod": JSON.stringify(cliPod) } },
		{ team: "a", cloud: "c", "sidecar.istio.io/inject": "true" },
	);
	expect(metadata?.annotations).toEqual({ a: "1" });
	expect(metadata?.labels).toEqual({
		team: "b",
		cloud: "c",
		"app.kubernetes.io/component": "audit",
		"app.kubernetes.io/instance": "fireworks",
	});
});

test("a release before that annotation: no sidecar, so that the Job ends", () => {
	expect(templateOf({})?.annotations).toEqual({
		"sidecar.istio.io/inject": "false",
	});
});

test("a broken annotation is named, with what to do", () => {
	const broken = { annotations: { "fireworks.dev/cli-pod": "{" } };
	expect(() => templateOf(broken)).toThrow(/fireworks.dev\/cli-pod .*upgrade/);
});

test.each([
	["fireworks/metronome:dev-1", "fireworks/cli:dev-1"],
	[
		"ghcr.io:443/acme/fireworks/metronome:0.2.0",
		"ghcr.io:443/acme/fireworks/cli:0.2.0",
	],
	["metronome", "cli"],
	["acme/clock:1", undefined],
	["fireworks/metronome@sha256:00", undefined],
])("the command's image next to %s is %s", (own, nextTo) => {
	expect(cliImageNextTo(own)).toBe(nextTo);
});
