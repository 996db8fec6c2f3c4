import { describe, expect, test } from "vitest";
import {
	type BlockerKind,
	findBlockers,
} from "../../../src/cluster/kube/blockers.ts";
import { container, event, type PodInput, pod } from "./pods.ts";

const NAME = "fireworks-processor-1";
const waiting = (reason: string, message = "") =>
	container({ waiting: { reason, message } });
const running = container({ running: {} });

const CASES: {
	what: string;
	pod: PodInput;
	events?: ReturnType<typeof event>[];
	kind: BlockerKind;
	why: RegExp;
	fix?: RegExp;
}[] = [
	{
		what: "no node has the memory",
		pod: {
			phase: "Pending",
			unschedulable: "0/1 nodes are available: 1 Insufficient memory.",
		},
		kind: "scheduling",
		why: /no node takes it: 0\/1 nodes.*Insufficient memory/,
		fix: /requests/,
	},
	{
		what: "a claim that is not bound",
		pod: {
			phase: "Pending",
			unschedulable:
				"0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.",
		},
		kind: "scheduling",
		why: /unbound immediate/,
		fix: /StorageClass/,
	},
	{
		what: "an image that cannot be pulled",
		pod: {
			containers: [
				waiting(
					"ImagePullBackOff",
					'Back-off pulling image "fireworks/processor:dev-1"',
				),
			],
		},
		kind: "image",
		why: /fireworks\/processor:dev-1 cannot be had: Back-off pulling/,
		fix: /pushed/,
	},
	{
		what: "an image that may not be pulled",
		pod: { containers: [waiting("ErrImageNeverPull", "is not present")] },
		kind: "image",
		why: /is not present/,
	},
	{
		what: "a missing ConfigMap",
		pod: {
			containers: [
				waiting(
					"CreateContainerConfigError",
					'configmap "fireworks-config" not found',
				),
			],
		},
		kind: "config",
		why: /configmap "fireworks-config" not found/,
	},
	{
		what: "a crash that is waited out",
		pod: {
			containers: [
				container(
					{ waiting: { reason: "CrashLoopBackOff" } },
					{
						restartCount: 3,
						lastState: { terminated: { exitCode: 78, reason: "Error" } },
					},
				),
			],
		},
		kind: "crash",
		why: /exit code 78 \(its settings or topics are wrong\), restarted 3 times/,
	},
	{
		what: "too little memory",
		pod: {
			containers: [
				container(
					{ running: {} },
					{
						restartCount: 1,
						lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } },
					},
				),
			],
		},
		kind: "crash",
		why: /more memory than its limit \(OOMKilled\), restarted once/,
		fix: /limits\.memory/,
	},
	{
		what: "a volume that cannot be mounted",
		pod: { containers: [waiting("ContainerCreating")] },
		events: [
			event("FailedMount", 'secret "kafka-client" not found', { name: NAME }),
		],
		kind: "volume",
		why: /secret "kafka-client" not found/,
	},
	{
		what: "a readiness probe that fails",
		pod: { containers: [running] },
		events: [
			event("Unhealthy", "Readiness probe failed: old", { name: NAME }, 1),
			event("Unhealthy", "Readiness probe failed: new", { name: NAME }, 2),
		],
		kind: "probe",
		why: /^not ready: Readiness probe failed: new$/,
	},
	{
		what: "the first second of a start",
		pod: { containers: [running] },
		events: [
			event(
				"Unhealthy",
				'Startup probe failed: Get "http://10.244.0.6:3000/livez": dial tcp 10.244.0.6:3000: connect: connection refused',
				{ name: NAME },
			),
		],
		kind: "probe",
		why: /^starting/,
	},
	{
		what: "an image that is being pulled",
		pod: { containers: [waiting("ContainerCreating")] },
		events: [
			event("Pulling", 'Pulling image "apache/kafka:4.3.1"', { name: NAME }),
		],
		kind: "waiting",
		why: /Pulling image/,
	},
	{
		what: "nothing in particular",
		pod: { containers: [waiting("ContainerCreating")] },
		kind: "waiting",
		why: /ContainerCreating/,
	},
];

describe("what holds a pod up", () => {
	test.each(CASES)("$what: $kind", ({ pod: input, events, kind, why, fix }) => {
		const [found, ...more] = findBlockers([pod(input)], events ?? []);
		expect(more).toEqual([]);
		expect(found).toMatchObject({ part: "processor", pod: NAME, kind });
		expect(found?.why).toMatch(why);
		if (fix) expect(found?.fix).toMatch(fix);
	});

	test("the log of a container that crashed before is asked for, and of one that lies there ended", () => {
		const before = container(
			{ waiting: { reason: "CrashLoopBackOff" } },
			{ lastState: { terminated: { exitCode: 1 } } },
		);
		const now = container({ terminated: { exitCode: 1 } });
		const logOf = (c: typeof now) =>
			findBlockers([pod({ containers: [c] })], [])[0]?.log;
		expect(logOf(before)).toEqual({ container: "processor", previous: true });
		expect(logOf(now)).toEqual({ container: "processor", previous: false });
	});

	test("a missing image explains more than a failing probe of the same pod", () => {
		const containers = [running, waiting("ErrImagePull", "not found")];
		const events = [
			event("Unhealthy", "Readiness probe failed", { name: NAME }),
		];
		expect(findBlockers([pod({ containers })], events)[0]?.kind).toBe("image");
	});

	test("pods that are ready, being deleted, or of no part hold nothing up", () => {
		const pods = [
			pod({ ready: true }),
			pod({ deleted: true }),
			pod({ component: "audit" }),
		];
		expect(findBlockers(pods, [])).toEqual([]);
	});

	test("events of an earlier pod of the same name say nothing", () => {
		const old = event("FailedMount", "secret not found", { name: NAME });
		old.involvedObject.uid = "of the one before";
		const [found] = findBlockers(
			[pod({ containers: [waiting("ContainerCreating")] })],
			[old],
		);
		expect(found?.kind).toBe("waiting");
	});
});
