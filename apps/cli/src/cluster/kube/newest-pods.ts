/** The pods of a release's newest revisions, and the parts that are refused new ones. */
import type { CoreV1Event, V1Pod } from "@kubernetes/client-node";
import { OPTIONAL_PART_NAMES, PART_NAMES } from "../../local/part-names.ts";
import type { Blocker } from "./blockers.ts";
import { partOf, partsOf } from "./labels.ts";
import { createdAt } from "./pod-state.ts";

const revisionOf = ({ metadata }: V1Pod): string | undefined =>
	metadata?.labels?.["pod-template-hash"] ??
	metadata?.labels?.["controller-revision-hash"];

/**
 * Each part's pods of the revision that made its youngest pod. Problems of older pods do not
 * matter: the newer revision may be their fix.
 */
export const ofNewest = (pods: readonly V1Pod[]): V1Pod[] =>
	partsOf(pods).flatMap((part) => {
		const own = pods
			.filter((pod) => partOf(pod) === part && !pod.metadata?.deletionTimestamp)
			.toSorted((a, b) => createdAt(b) - createdAt(a));
		const newest = own.map(revisionOf).find((hash) => hash !== undefined);
		return own.filter((pod) => (revisionOf(pod) ?? newest) === newest);
	});

/** The parts whose pods the API server refuses to create: a quota, or Pod Security. */
export const refusals = (
	release: string,
	pods: readonly V1Pod[],
	events: readonly CoreV1Event[],
	since: number,
): Blocker[] =>
	[...PART_NAMES, ...OPTIONAL_PART_NAMES].flatMap((part) => {
		const own = pods.filter((pod) => partOf(pod) === part);
		const youngest = Math.max(0, ...own.map(createdAt));
		const event = events.findLast((e) => {
			const at = new Date(e.lastTimestamp ?? e.eventTime ?? 0).getTime();
			// A Deployment's pods are made by its ReplicaSet, <name>-<hash>.
			return (
				e.reason === "FailedCreate" &&
				`${e.involvedObject.name}-`.startsWith(`${release}-${part}-`) &&
				at > youngest &&
				(own.length === 0 || at > since)
			);
		});
		if (!event) return [];
		return [
			{
				part,
				pod: null,
				kind: "refused" as const,
				why: `its pods are refused: ${event.message ?? event.reason}`,
				fix: /violates PodSecurity/.test(event.message ?? "")
					? "The namespace enforces Pod Security: the values must keep the chart's security contexts"
					: "A quota or an admission rule of the cluster refuses them: ask its administrators",
			},
		];
	});
