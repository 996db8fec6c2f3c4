import { describe, expect, test } from "vitest";
import type { Blocker } from "../../../src/cluster/kube/blockers.ts";
import { ofNewest, refusals } from "../../../src/cluster/kube/newest-pods.ts";
import { outlasted, progress } from "../../../src/cluster/kube/rollout.ts";
import { event, pod, START } from "./pods.ts";

const blocker = (kind: Blocker["kind"], pod = "p-1"): Blocker => ({
	part: "processor",
	pod,
	kind,
	why: "because",
	fix: "",
});

describe("the pods of the newest revision", () => {
	const namesOf = (...pods: ReturnType<typeof pod>[]) =>
		ofNewest(pods).map(({ metadata }) => metadata?.name);
	const old = pod({ name: "old", revision: "a", createdAt: 1 });
	const young = pod({ name: "young", revision: "b", createdAt: 2 });

	test("older pods of the same part are left out", () => {
		expect(namesOf(old, young)).toEqual(["young"]);
		const second = pod({ name: "second", revision: "b", createdAt: 1 });
		expect(namesOf(old, young, second)).toEqual(["young", "second"]);
	});

	test("pods of other parts stay", () => {
		const kafka = pod({ name: "kafka", component: "kafka", createdAt: 0 });
		expect(namesOf(kafka, young)).toEqual(["kafka", "young"]);
	});

	test("a pod that is being deleted does not count as the youngest", () => {
		const ending = pod({
			name: "x",
			revision: "b",
			createdAt: 2,
			deleted: true,
		});
		expect(namesOf(old, ending)).toEqual(["old"]);
	});

	test("a pod without a revision, such as a Spark executor, counts with the newest", () => {
		const executor = pod({ name: "executor", createdAt: 3 });
		expect(namesOf(old, young, executor)).toEqual(["executor", "young"]);
	});
});

describe("pods that the API server refuses", () => {
	const refused = (at: number, owner = "fireworks-processor-6d") =>
		event(
			"FailedCreate",
			'pods "fireworks-processor-6d-" is forbidden: violates PodSecurity "restricted:latest"',
			{ kind: "ReplicaSet", name: owner },
			at,
		);
	const find = (
		events: ReturnType<typeof refused>[],
		pods: ReturnType<typeof pod>[] = [],
		since = 0,
	) => refusals("fireworks", pods, events, START + since);

	test("are named by their owner's event", () => {
		const [found] = find([refused(5)]);
		expect(found).toMatchObject({
			part: "processor",
			kind: "refused",
			pod: null,
		});
		expect(found?.fix).toMatch(/Pod Security/);
		expect(find([refused(5, "fireworks-processor")])).toHaveLength(1);
		expect(find([refused(5, "other-processor-1")])).toEqual([]);
	});

	test("a refusal before the part's youngest pod no longer matters", () => {
		expect(find([refused(5)], [pod({ createdAt: 4 })])).toHaveLength(1);
		expect(find([refused(5)], [pod({ createdAt: 6 })])).toEqual([]);
	});

	test("a refusal from before this rollout matters only while the part has no pod", () => {
		expect(find([refused(5)], [], 10)).toHaveLength(1);
		expect(find([refused(5)], [pod({ createdAt: 4 })], 10)).toEqual([]);
	});
});

test("a blocker that cannot fix itself is reported after its patience, and not before; a slow node never", () => {
	const since = new Map<string, number>();
	const image = blocker("image");
	const node = blocker("scheduling", "p-2");
	expect(outlasted([image, node], since, 0)).toEqual([]);
	expect(outlasted([image, node], since, 45_000)).toEqual([]);
	expect(outlasted([image, node], since, 45_001)).toEqual([image]);
	expect(outlasted([node], since, 10_000_000)).toEqual([]);
});

test("a blocker that disappears and returns has its whole patience again", () => {
	const since = new Map<string, number>();
	outlasted([blocker("crash")], since, 0);
	outlasted([], since, 80_000);
	expect(outlasted([blocker("crash")], since, 100_000)).toEqual([]);
});

describe("the progress line", () => {
	const ready = pod({ component: "kafka", ready: true });

	test("has the number of ready pods and the first blocker of each part", () => {
		const blockers = [
			{ ...blocker("image"), part: "dashboard" as const, why: "no image" },
			blocker("probe"),
			{ ...blocker("probe"), why: "another" },
		];
		expect(progress([ready, pod()], blockers)).toBe(
			"1 of 2 pods ready; processor: because; dashboard: no image",
		);
		expect(progress([ready], [])).toBe("1 of 1 pods ready");
	});

	test("shows the end of a long reason, where the cause is", () => {
		const long = { ...blocker("image"), why: `${"x".repeat(300)} i/o timeout` };
		const line = progress([ready], [long]);
		expect(line.length).toBeLessThan(160);
		expect(line).toMatch(/i\/o timeout$/);
	});
});
