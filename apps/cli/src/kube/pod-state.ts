/** A pod as one of the states that `status` shows; the same words as for a process. */
import type { V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import type { PartRecord } from "../state/state.ts";

export type PodState = PartRecord["state"];

/** The kubelet tries these again, ever more slowly. */
const BACKING_OFF = new Set([
	"CrashLoopBackOff",
	"ImagePullBackOff",
	"ErrImagePull",
]);
/** Somebody has to change something first. */
const HOPELESS = new Set([
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
	if (reasons.some((reason) => HOPELESS.has(reason))) return "failed";
	if (reasons.some((reason) => BACKING_OFF.has(reason))) return "backoff";
	return isReady(pod) ? "running" : "starting";
}

/** Of the containers that run for good. */
export const restartsOf = (pod: V1Pod): number =>
	(pod.status?.containerStatuses ?? []).reduce(
		(sum, c) => sum + c.restartCount,
		0,
	);

/** Its named TCP ports. */
export const portsOf = (pod: V1Pod): Record<string, number> =>
	Object.fromEntries(
		(pod.spec?.containers ?? [])
			.flatMap((c) => c.ports ?? [])
			.flatMap((p) => (p.name ? [[p.name, p.containerPort]] : [])),
	);
