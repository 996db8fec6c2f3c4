/** The Deployments and StatefulSets of a release: how far each is, and what keeps it from making pods at all. */
import type {
	CoreV1Event,
	V1Deployment,
	V1StatefulSet,
} from "@kubernetes/client-node";
import type { PartName } from "../part-names.ts";
import type { Blocker } from "./blockers.ts";
import type { Kube } from "./client.ts";
import { ofRelease, partOf } from "./labels.ts";

export interface Workload {
	part: PartName;
	kind: "Deployment" | "StatefulSet";
	name: string;
	/** Asked for. */
	replicas: number;
	/** Of the newest revision, and ready. */
	ready: number;
	/** As it was asked for, and nothing of an older revision left. */
	done: boolean;
}

export async function workloads(
	kube: Kube,
	namespace: string,
	release: string,
): Promise<Workload[]> {
	const which = { namespace, labelSelector: ofRelease(release) };
	const [deployments, statefulSets] = await Promise.all([
		kube.apps.listNamespacedDeployment(which),
		kube.apps.listNamespacedStatefulSet(which),
	]);
	return [
		...deployments.items.flatMap(deploymentProgress),
		...statefulSets.items.flatMap(statefulSetProgress),
	];
}

export function deploymentProgress(d: V1Deployment): Workload[] {
	const part = partOf(d);
	if (!part) return [];
	const replicas = d.spec?.replicas ?? 1;
	const { observedGeneration = 0, updatedReplicas = 0 } = d.status ?? {};
	const ready = Math.min(updatedReplicas, d.status?.availableReplicas ?? 0);
	return [
		{
			part,
			kind: "Deployment",
			name: d.metadata?.name ?? "",
			replicas,
			ready,
			done:
				observedGeneration >= (d.metadata?.generation ?? 0) &&
				ready >= replicas &&
				(d.status?.replicas ?? 0) <= replicas,
		},
	];
}

export function statefulSetProgress(s: V1StatefulSet): Workload[] {
	const part = partOf(s);
	if (!part) return [];
	const replicas = s.spec?.replicas ?? 1;
	const {
		observedGeneration = 0,
		currentRevision,
		updateRevision,
	} = s.status ?? {};
	const updated =
		currentRevision === updateRevision
			? replicas
			: (s.status?.updatedReplicas ?? 0);
	const ready = Math.min(updated, s.status?.readyReplicas ?? 0);
	return [
		{
			part,
			kind: "StatefulSet",
			name: s.metadata?.name ?? "",
			replicas,
			ready,
			done:
				observedGeneration >= (s.metadata?.generation ?? 0) &&
				ready >= replicas,
		},
	];
}

/** Pods that were not even made: a quota, or Pod Security. Of owners that have too few pods now. */
export const refusals = (
	unfinished: readonly Workload[],
	events: readonly CoreV1Event[],
	podCounts: ReadonlyMap<PartName, number>,
): Blocker[] =>
	unfinished.flatMap(({ part, name, replicas }) => {
		if ((podCounts.get(part) ?? 0) >= replicas) return [];
		const event = events.findLast(
			(e) =>
				e.reason === "FailedCreate" &&
				// A Deployment's pods are made by its ReplicaSet, <name>-<hash>.
				(e.involvedObject.name === name ||
					e.involvedObject.name?.startsWith(`${name}-`)),
		);
		if (!event) return [];
		return [
			{
				part,
				pod: null,
				kind: "refused" as const,
				why: `its pods are refused: ${event.message ?? event.reason}`,
				fix: /violates PodSecurity/.test(event.message ?? "")
					? "The namespace enforces Pod Security: the values must keep the chart's security contexts"
					: "A quota or an admission rule of the cluster says no: ask whoever runs it",
			},
		];
	});
