/** The Deployments and StatefulSets of a release: how far each is, and what keeps it from making pods at all. */
import type {
	CoreV1Event,
	V1Deployment,
	V1Pod,
	V1ReplicaSet,
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
	/** What the newest revision's pods have as a label; undefined while its controller has not seen it. */
	revision: Revision | undefined;
}

interface Revision {
	label: "pod-template-hash" | "controller-revision-hash";
	value: string;
}

export async function workloads(
	kube: Kube,
	namespace: string,
	release: string,
): Promise<Workload[]> {
	const which = { namespace, labelSelector: ofRelease(release) };
	const [deployments, statefulSets, replicaSets] = await Promise.all([
		kube.apps.listNamespacedDeployment(which),
		kube.apps.listNamespacedStatefulSet(which),
		kube.apps.listNamespacedReplicaSet(which),
	]);
	return [
		...deployments.items.flatMap((d) =>
			deploymentProgress(d, replicaSets.items),
		),
		...statefulSets.items.flatMap(statefulSetProgress),
	];
}

const REVISION = "deployment.kubernetes.io/revision";
const HASH = "pod-template-hash";

export function deploymentProgress(
	d: V1Deployment,
	replicaSets: readonly V1ReplicaSet[] = [],
): Workload[] {
	const part = partOf(d);
	if (!part) return [];
	const replicas = d.spec?.replicas ?? 1;
	const { observedGeneration = 0, updatedReplicas = 0 } = d.status ?? {};
	const ready = Math.min(updatedReplicas, d.status?.availableReplicas ?? 0);
	const seen = observedGeneration >= (d.metadata?.generation ?? 0);
	const newest = replicaSets.find(
		(r) =>
			r.metadata?.ownerReferences?.some((o) => o.uid === d.metadata?.uid) &&
			r.metadata.annotations?.[REVISION] ===
				d.metadata?.annotations?.[REVISION],
	);
	const hash = newest?.metadata?.labels?.[HASH];
	return [
		{
			part,
			kind: "Deployment",
			name: d.metadata?.name ?? "",
			replicas,
			ready,
			done: seen && ready >= replicas && (d.status?.replicas ?? 0) <= replicas,
			revision: seen && hash ? { label: HASH, value: hash } : undefined,
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
			revision: updateRevision
				? { label: "controller-revision-hash", value: updateRevision }
				: undefined,
		},
	];
}

/** Of the newest revisions: what is wrong with an older one's pods is why there is a newer one. */
export const ofNewest = (
	all: readonly Workload[],
	pods: readonly V1Pod[],
): V1Pod[] =>
	pods.filter((pod) => {
		const own = all.filter((w) => w.part === partOf(pod));
		return own.some(
			({ revision }) =>
				revision && pod.metadata?.labels?.[revision.label] === revision.value,
		);
	});

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
