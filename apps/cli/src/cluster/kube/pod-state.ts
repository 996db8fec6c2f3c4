/** Maps a pod to one of the states that `status` shows. Processes have the same states. */
import type { V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import type { PartRecord } from "../../local/state/state.ts";

export type PodState = PartRecord["state"];

/** Reasons for which the kubelet keeps trying, ever more slowly. */
const BACKING_OFF = new Set([
	"CrashLoopBackOff",
	"ImagePullBackOff",
	"ErrImagePull",
]);
/** The kubelet cannot recover from these: the chart's values or an image must change first. */
const UNRECOVERABLE = new Set([
	"CreateContainerConfigError",
	"CreateContainerError",
	"InvalidImageName",
	"ErrImageNeverPull",
	"RunContainerError",
]);

export const containersOf = (pod: V1Pod): V1ContainerStatus[] => [
	...(pod.status?.initContainerStatuses ?? []),
	...(pod.status?.containerStatuses ?? []),
];

export const isReady = (pod: V1Pod): boolean =>
	pod.metadata?.deletionTimestamp === undefined &&
	(pod.status?.conditions ?? []).some(
		(c) => c.type === "Ready" && c.status === "True",
	);

export function podState(pod: V1Pod): PodState {
	const phase = pod.status?.phase;
	if (phase === "Succeeded") return "stopped";
	if (phase === "Failed") return "failed";
	const reasons = containersOf(pod).map((c) => c.state?.waiting?.reason ?? "");
	if (reasons.some((reason) => UNRECOVERABLE.has(reason))) return "failed";
	if (reasons.some((reason) => BACKING_OFF.has(reason))) return "backoff";
	return isReady(pod) ? "running" : "starting";
}

/** Restarts of the containers that run permanently. */
export const restartsOf = (pod: V1Pod): number =>
	(pod.status?.containerStatuses ?? []).reduce(
		(sum, c) => sum + c.restartCount,
		0,
	);

/** The pod's named TCP ports. */
export const portsOf = (pod: V1Pod): Record<string, number> =>
	Object.fromEntries(
		(pod.spec?.containers ?? [])
			.flatMap((c) => c.ports ?? [])
			.flatMap((p) => (p.name ? [[p.name, p.containerPort]] : [])),
	);

/** Milliseconds since 1970. */
export const createdAt = (pod: V1Pod): number =>
	new Date(pod.metadata?.creationTimestamp ?? 0).getTime();
