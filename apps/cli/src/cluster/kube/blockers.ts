/**
 * What holds a rollout up, judged from the pods, their events and their owners: which part, why,
 * and what to do about it.
 *
 * The functions are pure, so that every kind of blocker has a test with a pod as the API returns
 * it. Each pod has at most one blocker, the one that explains the others: an image that cannot be
 * pulled comes before a probe that cannot answer.
 */
import type {
	CoreV1Event,
	V1ContainerStatus,
	V1Pod,
} from "@kubernetes/client-node";
import { partOf } from "./labels.ts";
import { containersOf, isReady } from "./pod-state.ts";

/** waiting: resolves itself. The others may need a person. */
export type BlockerKind =
	| "scheduling"
	| "image"
	| "config"
	| "volume"
	| "crash"
	| "probe"
	| "refused"
	| "waiting";

export interface Blocker {
	part: string;
	/** null if not even a pod was made. */
	pod: string | null;
	kind: BlockerKind;
	why: string;
	/** What to do; empty if nothing can be done. */
	fix: string;
	/** The container whose last lines explain more. previous: the lines from before its restart. */
	log?: { container: string; previous: boolean };
}

const PULLING = new Set(["ErrImagePull", "ImagePullBackOff"]);
const MISNAMED = new Set(["InvalidImageName", "ErrImageNeverPull"]);
const CONFIG = new Set(["CreateContainerConfigError", "CreateContainerError"]);

/** The blockers of parts that are not ready yet. */
export const findBlockers = (
	pods: readonly V1Pod[],
	events: readonly CoreV1Event[],
): Blocker[] =>
	pods.flatMap((pod) => {
		const part = partOf(pod);
		const name = pod.metadata?.name;
		if (!part || !name || isReady(pod) || pod.metadata?.deletionTimestamp)
			return [];
		const own = events.filter(
			// Matched by uid: a StatefulSet gives a new pod the name of the old one.
			(e) => e.involvedObject.uid === pod.metadata?.uid,
		);
		return [{ part, pod: name, ...explain(pod, own) }];
	});

type Explanation = Omit<Blocker, "part" | "pod">;

function explain(pod: V1Pod, events: readonly CoreV1Event[]): Explanation {
	const unscheduled = pod.status?.conditions?.find(
		(c) => c.type === "PodScheduled" && c.status === "False",
	);
	if (unscheduled) return scheduling(unscheduled.message ?? "no node fits");
	const containers = containersOf(pod);
	return (
		first(containers, image) ??
		first(containers, config) ??
		first(containers, crash) ??
		volume(events) ??
		probe(pod, events) ??
		waiting(containers, events)
	);
}

function first(
	containers: readonly V1ContainerStatus[],
	look: (container: V1ContainerStatus) => Explanation | undefined,
): Explanation | undefined {
	for (const container of containers) {
		const found = look(container);
		if (found) return found;
	}
	return undefined;
}

function scheduling(message: string): Explanation {
	const fix = /insufficient (memory|cpu)/i.test(message)
		? "Give the cluster more room, or the parts smaller requests (`resources` in the chart's values)"
		: /unbound immediate PersistentVolumeClaims|persistentvolumeclaim/i.test(
					message,
				)
			? "Look at the claim (`kubectl get pvc`): the cluster needs a default StorageClass, or name one in the values"
			: "";
	return { kind: "scheduling", why: `no node takes it: ${message}`, fix };
}

function image(c: V1ContainerStatus): Explanation | undefined {
	const waiting = c.state?.waiting;
	const reason = waiting?.reason ?? "";
	if (!PULLING.has(reason) && !MISNAMED.has(reason)) return undefined;
	return {
		kind: "image",
		why: `the image ${c.image} cannot be had: ${waiting?.message ?? reason}`,
		fix: "Is its name right, is it pushed (or loaded into kind), and may the cluster pull it (imagePullSecrets)?",
	};
}

function config(c: V1ContainerStatus): Explanation | undefined {
	const waiting = c.state?.waiting;
	if (!CONFIG.has(waiting?.reason ?? "")) return undefined;
	return {
		kind: "config",
		why: `the container ${c.name} cannot be made: ${waiting?.message ?? waiting?.reason}`,
		fix: "A ConfigMap, Secret or key that the pod names is missing or wrong: check the chart's values",
	};
}

/** Explains exit codes that are our own; packages/contracts defines them. */
const MEANING: Record<number, string> = {
	75: " (another instance has fenced it)",
	78: " (its settings or topics are wrong)",
	137: " (killed)",
};

function crash(c: V1ContainerStatus): Explanation | undefined {
	const now = c.state?.terminated;
	const before = c.lastState?.terminated;
	const ended = now ?? before;
	// An init container that is done has ended too, with code 0. A container that runs again after
	// a crash counts as up, until its probe says otherwise.
	if (!ended || ended.exitCode === 0) return undefined;
	const memory = ended.reason === "OOMKilled";
	return {
		kind: "crash",
		why: memory
			? `the container ${c.name} needed more memory than its limit (OOMKilled), ${times(c.restartCount)}`
			: `the container ${c.name} ended with exit code ${ended.exitCode}${MEANING[ended.exitCode] ?? ""}, ${times(c.restartCount)}`,
		fix: memory ? "Give it more: `resources.limits.memory` in the values" : "",
		log: { container: c.name, previous: now === undefined },
	};
}

const times = (restarts: number) =>
	restarts === 1 ? "restarted once" : `restarted ${restarts} times`;

function volume(events: readonly CoreV1Event[]): Explanation | undefined {
	const event = newest(events, ["FailedMount", "FailedAttachVolume"]);
	if (!event) return undefined;
	return {
		kind: "volume",
		why: `a volume cannot be mounted: ${event.message ?? event.reason}`,
		fix: "A missing Secret or ConfigMap, or a disk that another node holds: the message says which",
	};
}

function probe(
	pod: V1Pod,
	events: readonly CoreV1Event[],
): Explanation | undefined {
	const running = (pod.status?.containerStatuses ?? []).find(
		(c) => c.state?.running && !c.ready,
	);
	if (!running) return undefined;
	const event = newest(events, ["Unhealthy"]);
	if (!event) return undefined;
	const message = event.message ?? "its probe fails";
	return {
		kind: "probe",
		why: /^Startup probe failed.*connection refused/s.test(message)
			? "starting: its port does not answer yet"
			: `not ready: ${message.trim()}`,
		fix: "",
		log: { container: running.name, previous: false },
	};
}

function waiting(
	containers: readonly V1ContainerStatus[],
	events: readonly CoreV1Event[],
): Explanation {
	const pulling = newest(events, ["Pulling", "Pulled"]);
	const reason = containers.find((c) => c.state?.waiting)?.state?.waiting
		?.reason;
	const why =
		pulling?.reason === "Pulling"
			? (pulling.message ?? "pulling its image")
			: reason && reason !== "PodInitializing"
				? reason
				: containers.some((c) => c.state?.running)
					? "starting"
					: "its container is being made";
	return { kind: "waiting", why, fix: "" };
}

const newest = (
	events: readonly CoreV1Event[],
	reasons: readonly string[],
): CoreV1Event | undefined =>
	events
		.filter((e) => reasons.includes(e.reason ?? ""))
		.toSorted((a, b) => timeOf(a) - timeOf(b))
		.at(-1);

const timeOf = (event: CoreV1Event): number =>
	new Date(
		event.lastTimestamp ?? event.eventTime ?? event.firstTimestamp ?? 0,
	).getTime();
