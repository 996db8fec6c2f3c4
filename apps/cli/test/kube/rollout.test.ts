import { expect, test } from "vitest";
import type { Blocker } from "../../src/kube/blockers.ts";
import { outlasted, progress } from "../../src/kube/rollout.ts";
import {
	deploymentProgress,
	ofNewest,
	refusals,
	statefulSetProgress,
	type Workload,
} from "../../src/kube/workloads.ts";
import { event, pod } from "./pods.ts";

const blocker = (kind: Blocker["kind"], pod = "p-1"): Blocker => ({
	part: "processor",
	pod,
	kind,
	why: "because",
	fix: "",
});

const labels = { "app.kubernetes.io/component": "processor" };
const deployment = (status: object, replicas = 2) => ({
	metadata: { name: "fireworks-processor", generation: 3, labels },
	spec: { replicas, selector: {}, template: {} },
	status: { observedGeneration: 3, ...status },
});

test.each([
	["as asked", { replicas: 2, updatedReplicas: 2, availableReplicas: 2 }, true],
	[
		"an old pod still there",
		{ replicas: 3, updatedReplicas: 2, availableReplicas: 3 },
		false,
	],
	[
		"not all available",
		{ replicas: 2, updatedReplicas: 2, availableReplicas: 1 },
		false,
	],
	[
		"not seen by its controller yet",
		{
			observedGeneration: 2,
			replicas: 2,
			updatedReplicas: 2,
			availableReplicas: 2,
		},
		false,
	],
])("a Deployment: %s", (_, status, done) => {
	expect(deploymentProgress(deployment(status))).toMatchObject([{ done }]);
});

test("what is no part of the system is not waited for", () => {
	const other = deployment({});
	other.metadata.labels = { "app.kubernetes.io/component": "exporter" };
	expect(deploymentProgress(other)).toEqual([]);
});

test("a StatefulSet in an update is not done while a pod of the old revision is ready", () => {
	const set = (status: object) =>
		statefulSetProgress({
			metadata: {
				name: "fireworks-kafka",
				generation: 1,
				labels: { "app.kubernetes.io/component": "kafka" },
			},
			spec: { replicas: 1, selector: {}, serviceName: "x", template: {} },
			status: {
				replicas: 1,
				observedGeneration: 1,
				readyReplicas: 1,
				...status,
			},
		})[0]?.done;
	const updating = { currentRevision: "a", updateRevision: "b" };
	expect(set({ ...updating, updatedReplicas: 0 })).toBe(false);
	expect(set({ ...updating, updatedReplicas: 1 })).toBe(true);
	expect(set({ currentRevision: "b", updateRevision: "b" })).toBe(true);
});

const workload: Workload = {
	part: "processor",
	kind: "Deployment",
	name: "fireworks-processor",
	replicas: 2,
	ready: 0,
	done: false,
	revision: { label: "pod-template-hash", value: "new" },
};

test("pods that Pod Security refuses are named by their owner's event", () => {
	const refused = event(
		"FailedCreate",
		'pods "fireworks-processor-6d-" is forbidden: violates PodSecurity "restricted:latest"',
		{ kind: "ReplicaSet", name: "fireworks-processor-6d" },
	);
	const [found] = refusals([workload], [refused], new Map());
	expect(found).toMatchObject({ kind: "refused", pod: null });
	expect(found?.fix).toMatch(/Pod Security/);
	// A refusal of before is history once the pods are there.
	expect(refusals([workload], [refused], new Map([["processor", 2]]))).toEqual(
		[],
	);
});

test("pods of an older revision hold nothing up, nor does any before the controller has seen the change", () => {
	const of = (hash: string) => {
		const one = pod({ name: hash });
		Object.assign(one.metadata?.labels ?? {}, { "pod-template-hash": hash });
		return one;
	};
	const pods = [of("old"), of("new")];
	expect(ofNewest([workload], pods).map((p) => p.metadata?.name)).toEqual([
		"new",
	]);
	expect(ofNewest([{ ...workload, revision: undefined }], pods)).toEqual([]);
});

test("a Deployment's newest revision is its ReplicaSet's with the same number", () => {
	const revision = (n: string) => ({ "deployment.kubernetes.io/revision": n });
	const replicaSet = (n: string, hash: string) => ({
		metadata: {
			annotations: revision(n),
			labels: { "pod-template-hash": hash },
			ownerReferences: [
				{ uid: "u", kind: "Deployment", name: "x", apiVersion: "apps/v1" },
			],
		},
	});
	const d = deployment({});
	Object.assign(d.metadata, { uid: "u", annotations: revision("2") });
	const sets = [replicaSet("1", "old"), replicaSet("2", "new")];
	expect(deploymentProgress(d, sets)[0]?.revision?.value).toBe("new");
	d.status.observedGeneration = 2;
	expect(deploymentProgress(d, sets)[0]?.revision).toBeUndefined();
});

test("a long reason is shown with its end, where the cause is", () => {
	const long = { ...blocker("image"), why: `${"x".repeat(300)} i/o timeout` };
	const line = progress([workload], [long], 5);
	expect(line.length).toBeLessThan(160);
	expect(line).toMatch(/i\/o timeout$/);
});

test("an image that is not there is given up after its patience, and not before; a slow node never", () => {
	const since = new Map<string, number>();
	const image = blocker("image");
	const node = blocker("scheduling", "p-2");
	expect(outlasted([image, node], since, 0)).toEqual([]);
	expect(outlasted([image, node], since, 45_000)).toEqual([]);
	expect(outlasted([image, node], since, 45_001)).toEqual([image]);
	expect(outlasted([node], since, 10_000_000)).toEqual([]);
});

test("what goes away in between has its whole patience again", () => {
	const since = new Map<string, number>();
	outlasted([blocker("crash")], since, 0);
	outlasted([], since, 80_000);
	expect(outlasted([blocker("crash")], since, 100_000)).toEqual([]);
});

test("the progress names each part that is missing, with the first thing that holds it up", () => {
	const kafka: Workload = { ...workload, part: "kafka", replicas: 1 };
	expect(progress([workload, kafka], [blocker("image")], 5)).toBe(
		"3 of 5 ready; processor 0/2: because; kafka: rolling out",
	);
	expect(progress([], [], 0)).toMatch(/nothing/);
});
