import { once } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { kubeRestart, progressOf } from "../../src/cluster/restart.ts";
import type { Site } from "../../src/cluster/site.ts";
import { apiServer } from "../support/api-server.ts";
import { tempFolder } from "../support/temp.ts";

const folder = tempFolder();
beforeEach(() => {
	vi.spyOn(process.stdout, "write").mockImplementation(() => true);
});
afterEach(() => vi.restoreAllMocks());

const APPS = "/apis/apps/v1/namespaces/here";
const labels = { "app.kubernetes.io/component": "processor" };
/** A Deployment that is rolled out as soon as its template was changed. */
const deployment = () => ({
	metadata: { name: "fireworks-processor", generation: 1, labels },
	spec: { replicas: 1, selector: {}, template: {} },
	status: {
		observedGeneration: 1,
		replicas: 1,
		updatedReplicas: 1,
		availableReplicas: 1,
	},
});

/** Returns the site, and the bodies of the PATCH requests by path. */
async function cluster(items: object[]) {
	const patches: Record<string, unknown> = {};
	const access = await apiServer(folder, (path, request) => {
		if (request.method === "PATCH") {
			once(request, "data").then(([body]) => {
				patches[path] = JSON.parse(String(body));
			});
			return { status: 200, body: {} };
		}
		const found = path === `${APPS}/deployments` ? items : [];
		return { status: 200, body: { items: found } };
	});
	const site = { target: "cluster", access, namespace: "here", release: "fw" };
	return { patches, site: site as unknown as Site };
}

test("the pod template of the part gets a new annotation, and the rollout is awaited", async () => {
	const { site, patches } = await cluster([deployment()]);
	const before = Date.now();
	const restart = { part: "processor", timeoutMs: 20_000 };
	expect(await kubeRestart(site, restart)).toBe(0);
	expect(Object.keys(patches)).toEqual([
		`${APPS}/deployments/fireworks-processor`,
	]);
	const [patch] = Object.values(patches) as [
		{ spec: { template: { metadata: { annotations: object } } } },
	];
	const [[name, at]] = Object.entries(
		patch.spec.template.metadata.annotations,
	) as [[string, string]];
	expect(name).toBe("kubectl.kubernetes.io/restartedAt");
	expect(Date.parse(at)).toBeGreaterThanOrEqual(before);
});

test.each([
	["an unknown part names those that there are", [deployment()], /processor\./],
	["without a release", [], /not installed in namespace here/],
])("%s", async (_, items, message) => {
	const { site, patches } = await cluster(items);
	await expect(
		kubeRestart(site, { part: "moon", timeoutMs: 20_000 }),
	).rejects.toThrow(message);
	expect(patches).toEqual({});
});

const deploymentWith = (status: object) =>
	({
		kind: "Deployment",
		object: {
			metadata: { generation: 3 },
			spec: { replicas: 2 } as never,
			status,
		},
	}) as const;

const DONE = {
	observedGeneration: 3,
	replicas: 2,
	updatedReplicas: 2,
	availableReplicas: 2,
};

test.each([
	["all pods are new and ready", DONE, 2],
	[
		"the controller has not seen the change",
		{ ...DONE, observedGeneration: 2 },
		0,
	],
	["a pod of the old revision is left", { ...DONE, replicas: 3 }, 0],
	["one pod is not ready", { ...DONE, availableReplicas: 1 }, 1],
	["no status yet", {}, 0],
])("%s", (_, status, ready) => {
	expect(progressOf([deploymentWith(status)])).toEqual({ wanted: 2, ready });
});

test("a StatefulSet counts its ready pods", () => {
	const status = {
		observedGeneration: 1,
		replicas: 1,
		updatedReplicas: 1,
		readyReplicas: 1,
	};
	const object = { metadata: { generation: 1 }, spec: { replicas: 1 }, status };
	expect(
		progressOf([{ kind: "StatefulSet", object: object as never }]),
	).toEqual({ wanted: 1, ready: 1 });
});
