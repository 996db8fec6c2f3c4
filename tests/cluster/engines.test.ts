/**
 * The other engines on Kubernetes. One stream moves from Python to Spark's driver and executors, on
 * to TypeScript, and back, only by `up --engine`. Pods are killed on the way. A witness outside the
 * cluster checks that every event arrives in order and is correct, and the audit reads the topics.
 * Every test first starts the engine that it is about, unless that runs already.
 */
import { freePort } from "@fireworks/local-kafka";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { waitFor } from "../harness/wait-for.ts";
import { allIsTrue } from "./harness/all-is-true.ts";
import { ClusterSite } from "./harness/site.ts";
import { Witness } from "./harness/witness.ts";

/** values.yaml: processor.spark.executors. */
const EXECUTORS = 2;
/** Spark's start after a kill, on a machine with two cores. */
const BACK_WITHIN_MS = 240_000;

/** A test that runs alone starts one engine after the other. */
vi.setConfig({ testTimeout: 1_500_000 });

let site: ClusterSite;
let witness: Witness | undefined;
let stream: string;
let engine = "";

beforeAll(async () => {
	const middleware = await freePort();
	site = await ClusterSite.clone("fireworks-engines", {
		FIREWORKS_DASHBOARD_PORT: String(await freePort()),
		FIREWORKS_MIDDLEWARE_PORT: String(middleware),
	});
	stream = `ws://localhost:${middleware}/ws`;
}, 120_000);

afterAll(async () => {
	witness?.close();
	await site?.remove();
}, 300_000);

/** `up --engine`, unless that engine runs. Prints its duration in minutes. */
async function runs(wanted: "python" | "spark" | "typescript"): Promise<void> {
	if (engine === wanted) return;
	const after = engine === "" ? "from nothing" : `after ${engine}`;
	await site.up(`up --engine ${wanted}, ${after}`, "--engine", wanted);
	engine = wanted;
	witness ??= new Witness(stream);
}

const seen = (): Witness => {
	if (witness === undefined) throw new Error("no engine was brought up");
	return witness;
};
const allTrue = () => allIsTrue(site, seen(), BACK_WITHIN_MS);

const only = async (part: string): Promise<string> => {
	const [pod = "", ...others] = await site.podsOf(part);
	expect(others).toEqual([]);
	return pod;
};

/** Kills a pod and waits until everything is correct again. Prints how long that took. */
async function killed(what: string, pod: string): Promise<void> {
	const began = performance.now();
	await site.kill(pod);
	await waitFor("the pod to be gone", async () => {
		const pods = await site.kubectl("get pods -o name");
		return !pods.split("\n").includes(`pod/${pod}`);
	});
	await site.allRunning(BACK_WITHIN_MS);
	await seen().moves(1, BACK_WITHIN_MS);
	const seconds = (performance.now() - began) / 1_000;
	console.log(`${what} killed: data flows again after ${seconds.toFixed(0)} s`);
	await allTrue();
}

const imageOf = (part: string): Promise<string> =>
	site.kubectl(
		`get deployment fireworks-${part} -o jsonpath='{.spec.template.spec.containers[0].image}'`,
	);

test("Python: every event is true, and the audit is clean; also after a kill", async () => {
	await runs("python");
	expect(await imageOf("processor")).toContain("fireworks/engine-python:");
	await allTrue();
	await killed("Python's processor", await only("processor"));
});

test("Spark takes over from Python where it stood: a driver and its executors", async () => {
	if (engine !== "spark") await runs("python");
	await runs("spark");
	expect(await imageOf("processor")).toContain("fireworks/engine-spark:");
	await allTrue();
	expect(await site.podsOf("executor")).toHaveLength(EXECUTORS);
});

test("Spark's driver may make pods in its own namespace, and nothing beyond; its executors may nothing", async () => {
	await runs("spark");
	const may = async (account: string, what: string) =>
		(
			await site.kubectl(
				`auth can-i ${what} --as=system:serviceaccount:fireworks:${account} || true`,
			)
		).trim();
	const driver = "fireworks-processor";
	expect(await may(driver, "create pods")).toBe("yes");
	for (const what of [
		"get secrets",
		"create deployments.apps",
		"create pods --namespace=default",
		"create pods --subresource=exec",
		"get configmaps",
	])
		expect(await may(driver, what), what).toBe("no");
	for (const what of ["create pods", "get configmaps"])
		expect(await may("fireworks-processor-executor", what), what).toBe("no");
});

test("an executor is killed, and then the driver", async () => {
	await runs("spark");
	const [executor = ""] = await site.podsOf("executor");
	await killed("an executor", executor);
	await killed("the driver", await only("processor"));
	const executors = await waitFor(
		"the driver's executors, and no others",
		async () => {
			const pods = await site.podsOf("executor");
			return pods.length === EXECUTORS ? pods : undefined;
		},
		BACK_WITHIN_MS,
	);
	expect(executors).not.toContain(executor);
});

test("TypeScript takes over from Spark, and nothing of Spark stays", async () => {
	await runs("spark");
	await runs("typescript");
	await allTrue();
	await waitFor(
		"the executors to be gone",
		async () => (await site.podsOf("executor")).length === 0,
		120_000,
	);
	expect(
		await site.kubectl("get roles,rolebindings,configmaps,services -o name"),
	).not.toMatch(/spark|driver/);
});

test("Python takes over from TypeScript in a rolling update: the new pod stands by until the old one has left", async () => {
	await runs("typescript");
	await runs("python");
	expect(await imageOf("processor")).toContain("fireworks/engine-python:");
	await allTrue();
});
