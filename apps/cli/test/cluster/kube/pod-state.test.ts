import { expect, test } from "vitest";
import { flowOf } from "../../../src/cluster/kube/metrics.ts";
import { podState } from "../../../src/cluster/kube/pod-state.ts";
import { podParts, statusJson } from "../../../src/cluster/status.ts";
import { container, type PodInput, pod } from "./pods.ts";

const waiting = (reason: string): PodInput => ({
	phase: "Pending",
	containers: [container({ waiting: { reason } })],
});

test.each([
	["running", { ready: true }],
	["starting", { ready: false }],
	["starting", waiting("ContainerCreating")],
	["backoff", waiting("CrashLoopBackOff")],
	["backoff", waiting("ImagePullBackOff")],
	["failed", waiting("CreateContainerConfigError")],
	["failed", waiting("ErrImageNeverPull")],
	["failed", { phase: "Failed" }],
	["stopped", { phase: "Succeeded" }],
] as const)("%s: %j", (state, input) => {
	expect(podState(pod(input as PodInput))).toBe(state);
});

test("an init container that cannot start shows as the pod's state", () => {
	const initContainers = [
		container({ waiting: { reason: "CrashLoopBackOff" } }),
	];
	expect(podState(pod({ phase: "Pending", initContainers }))).toBe("backoff");
});

test("pipelines come after the parts, under their own names, whatever those are", () => {
	const pods = ["pipeline-weather", "pipeline-constructor", "audit"].map(
		(component) => pod({ component, name: component, ready: true }),
	);
	const rows = podParts(pods).map(({ name, state }) => [name, state]);
	expect(rows.slice(5)).toEqual([
		["constructor", "running"],
		["weather", "running"],
	]);
	const one = new Map();
	expect(flowOf("constructor", one, one, 1)).toBeUndefined();
});

test("the JSON is the contract's: each part there, one entry a pod, pid null", () => {
	const kafka = pod({
		component: "kafka",
		name: "fireworks-kafka-0",
		ready: true,
	});
	kafka.spec?.containers[0]?.ports?.splice(
		0,
		1,
		{ name: "client", containerPort: 9092 },
		{ name: "controller", containerPort: 9093 },
	);
	const two = pod({ name: "b", ready: true });
	const one = pod({
		name: "a",
		containers: [container({ running: {} }, { restartCount: 2 })],
	});
	const { target, parts } = statusJson("kind", podParts([two, kafka, one]));
	expect(target).toBe("kind");
	expect(parts.map((p) => [p.name, p.pod, p.state])).toEqual([
		["kafka", "fireworks-kafka-0", "running"],
		["metronome", null, "stopped"],
		["processor", "a", "starting"],
		["processor", "b", "running"],
		["middleware", null, "stopped"],
		["dashboard", null, "stopped"],
	]);
	expect(parts[0]).toEqual({
		name: "kafka",
		pid: null,
		pod: "fireworks-kafka-0",
		state: "running",
		restarts: 0,
		ports: { kafka: 9092 },
	});
	expect(parts[2]).toMatchObject({ restarts: 2, ports: { http: 8082 } });
});
