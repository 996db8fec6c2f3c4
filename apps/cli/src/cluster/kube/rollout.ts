/**
 * Watches a release's pods while helm waits for them: reports which are ready and what blocks the
 * others, and finds those that waiting cannot fix (a missing image, a crash).
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { V1Pod } from "@kubernetes/client-node";
import { type Blocker, findBlockers } from "./blockers.ts";
import type { Kube } from "./client.ts";
import { ofRelease, partsOf } from "./labels.ts";
import { ofNewest, refusals } from "./newest-pods.ts";
import { lastPodLines } from "./pod-logs.ts";
import { isReady } from "./pod-state.ts";
import { withReasons } from "./readiness.ts";

const POLL_MS = 400;
const LINES_SHOWN = 15;
/** Longest reason in the progress line. */
const WHY_CHARACTERS_MAX = 100;
/**
 * How long each kind of blocker may last; the others may last until helm's time-out. A part may
 * crash once while its Kafka starts.
 */
const PATIENCE_MS: Partial<Record<Blocker["kind"], number>> = {
	image: 45_000,
	config: 30_000,
	refused: 30_000,
	crash: 90_000,
};

export interface Watched {
	namespace: string;
	release: string;
	/** When the rollout began, as a date: an older refusal of pods no longer matters. */
	since: number;
}

/**
 * Reports the progress until `ended`. Returns earlier, with the blockers, if some have lasted too
 * long.
 */
export async function watchRollout(
	kube: Kube,
	watched: Watched,
	say: (progress: string) => void,
	ended: AbortSignal,
): Promise<Blocker[]> {
	const began = new Map<string, number>();
	while (!ended.aborted) {
		// helm decides whether the API server is away for too long.
		const seen = await look(kube, watched).catch(() => undefined);
		if (seen && !ended.aborted) {
			say(progress(seen.pods, seen.blockers));
			const stuck = outlasted(seen.blockers, began, performance.now());
			if (stuck.length > 0) return stuck;
		}
		await sleep(POLL_MS, undefined, { signal: ended }).catch(() => {});
	}
	return [];
}

/** The pods of the newest revisions and what blocks them, with the reasons the parts give. */
export async function look(
	kube: Kube,
	{ namespace, release, since }: Watched,
): Promise<{ pods: V1Pod[]; blockers: Blocker[] }> {
	const [{ items }, events] = await Promise.all([
		kube.core.listNamespacedPod({
			namespace,
			labelSelector: ofRelease(release),
		}),
		kube.core.listNamespacedEvent({ namespace }),
	]);
	const pods = ofNewest(items);
	const blockers = [
		...refusals(release, pods, events.items, since),
		...(await withReasons(
			kube,
			namespace,
			pods,
			findBlockers(pods, events.items),
		)),
	];
	return { pods, blockers };
}

/** One line: how many pods are ready, and the first thing that blocks each other part. */
export function progress(
	pods: readonly V1Pod[],
	blockers: readonly Blocker[],
): string {
	const ready = `${pods.filter(isReady).length} of ${pods.length} pods ready`;
	const each = partsOf(pods).flatMap((part) => {
		const first = blockers.find((blocker) => blocker.part === part);
		return first ? [`${part}: ${short(first.why)}`] : [];
	});
	return [ready, ...each].join("; ");
}

/** The first line. If it is long, its middle is cut out, because the cause is at its end. */
function short(why: string): string {
	const [line = ""] = why.split("\n");
	const half = WHY_CHARACTERS_MAX / 2;
	return line.length > WHY_CHARACTERS_MAX
		? `${line.slice(0, half)} … ${line.slice(-half)}`
		: line;
}

/** The blockers that lasted longer than their kind may. Remembers when each was first seen. */
export function outlasted(
	blockers: readonly Blocker[],
	since: Map<string, number>,
	now: number,
): Blocker[] {
	const keys = new Map(
		blockers.map((b) => [`${b.kind} ${b.pod ?? b.part}`, b]),
	);
	for (const key of since.keys()) if (!keys.has(key)) since.delete(key);
	return [...keys].flatMap(([key, blocker]) => {
		const began = since.get(key) ?? now;
		since.set(key, began);
		const patience = PATIENCE_MS[blocker.kind];
		return patience !== undefined && now - began > patience ? [blocker] : [];
	});
}

/** The blockers as lines of an error, with the last log lines where they explain more. */
export async function explain(
	kube: Kube,
	namespace: string,
	blockers: readonly Blocker[],
): Promise<string[]> {
	const lines: string[] = [];
	for (const { part, pod, why, fix, log } of blockers) {
		lines.push(`  ${part}${pod ? ` (pod ${pod})` : ""}: ${why}`);
		if (fix) lines.push(`    -> ${fix}`);
		if (!log || !pod) continue;
		const last = await lastPodLines(kube, namespace, pod, log, LINES_SHOWN);
		if (last.length > 0)
			lines.push(`    Last lines of ${pod}:`, ...last.map((l) => `      ${l}`));
	}
	return lines;
}
