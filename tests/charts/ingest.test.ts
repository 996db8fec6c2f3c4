/** The objects of the ingest service. Those that all pods must have are checked in pods.test.ts. */
import { describe, expect, test } from "vitest";
import {
	one,
	render,
	SCENARIOS,
	set,
	tryRender,
	withoutHelm,
} from "./harness/chart.ts";

const container = (objects: ReturnType<typeof render>) =>
	one(objects, "Deployment", "fireworks-ingest").spec.template.spec
		.containers[0];
const TOKEN = "FIREWORKS_INGEST_BEARER_TOKEN";

describe.skipIf(withoutHelm)(`ingest ${withoutHelm ?? ""}`, () => {
	test("by default there is none", () => {
		const names = render().map(({ metadata }) => metadata.name);
		expect(names.filter((name) => name.includes("ingest"))).toEqual([]);
	});

	test("enabled, it has what every part has, and answers at its port", () => {
		const objects = render(...set({ "ingest.enabled": true }));
		for (const kind of [
			...["ConfigMap", "Deployment", "NetworkPolicy", "PodDisruptionBudget"],
			...["Service", "ServiceAccount"],
		])
			expect(one(objects, kind, "fireworks-ingest"), kind).toBeDefined();
		const service = one(objects, "Service", "fireworks-ingest");
		expect(service.metadata.labels).toMatchObject({
			"fireworks.dev/metrics": "true",
		});
		expect(service.spec.ports).toContainEqual(
			expect.objectContaining({ port: 8084, targetPort: "http" }),
		);
		expect(container(objects)).toMatchObject({
			image: expect.stringMatching(/^fireworks\/ingest:/),
			ports: [{ name: "http", containerPort: 8084 }],
		});
		expect(JSON.stringify(container(objects))).not.toContain(TOKEN);
	});

	test("the token comes from a Secret, the user's own or the chart's", () => {
		const reference = (objects: ReturnType<typeof render>) =>
			container(objects).env.find((one: { name: string }) => one.name === TOKEN)
				.valueFrom.secretKeyRef;
		const own = render(...(SCENARIOS.ingest as string[]));
		expect(reference(own)).toEqual({
			name: "ingest-token",
			key: "bearer-token",
		});
		expect(own.map(({ kind }) => kind)).not.toContain("Secret");
		const made = render(
			...set({ "ingest.enabled": true, "ingest.auth.bearerToken": "t" }),
		);
		const secret = one(made, "Secret", reference(made).name);
		expect(secret.stringData).toEqual({ "bearer-token": "t" });
	});

	test("another token restarts its pods", () => {
		const template = (token: string) =>
			one(
				render(
					...set({ "ingest.enabled": true, "ingest.auth.bearerToken": token }),
				),
				"Deployment",
				"fireworks-ingest",
			).spec.template.metadata.annotations["checksum/secret"];
		expect(template("a")).not.toBe(template("b"));
	});

	test("a Service for the outside without a token is refused", () => {
		const open = { "ingest.enabled": true, "ingest.service.type": "NodePort" };
		expect(tryRender(set(open)).stderr).toContain(
			"ingest.service.type NodePort lets anyone outside of the cluster write",
		);
		expect(
			tryRender(set({ ...open, "ingest.auth.bearerToken": "t" })).code,
		).toBe(0);
	});
});
