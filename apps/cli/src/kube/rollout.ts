/**
 * Waits until every part of a release is as it was asked for, and says all the while what holds it up.
 *
 * It gives up at its deadline, and before that where something that no waiting mends (an image that is not there, a crash) has held up the
 * same pod for a while. What was installed stays: the next `up` goes on from there.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { CLI_EXIT, CliError } from "../exit-codes.ts";
import type { PartName } from "../part-names.ts";
import { type Blocker, findBlockers } from "./blockers.ts";
import type { Kube } from "./client.ts";
import { apiReason } from "./errors.ts";
import { ofRelease, partOf } from "./labels.ts";
import { lastPodLines } from "./pod-logs.ts";
import { withReasons } from "./readiness.ts";
import { ofNewest, refusals, type Workload, workloads } from "./workloads.ts";

const POLL_MS = 400;
const LINES_SHOWN = 15;
/** Of a reason in the line of progress. */
const WHY_CHARACTERS_MAX = 100;
/** How long each kind may last; the others may last to the end. A part may well crash once while its Kafka starts. */
const PATIENCE_MS: Partial<Record<Blocker["kind"], number>> = {
	image: 45_000,
	config: 30_000,
	refused: 30_000,
	crash: 90_000,
};
/** An API server that is restarting answers again. */
const API_PATIENCE_MS = 30_000;

export interface Rollout {
	namespace: string;
	release: string;
	timeoutMs: number;
	signal: AbortSignal;
	say: (progress: string) => void;
}

/** Throws CliError with what holds it up, each with its last log lines where they tell more. */
export async function waitForRollout(
	kube: Kube,
	rollout: Rollout,
): Promise<void> {
	const deadline = performance.now() + rollout.timeoutMs;
	const since = new Map<string, number>();
	let answeredAt = performance.now();
	for (;;) {
		const now = performance.now();
		if (rollout.signal.aborted)
			throw new CliError(CLI_EXIT.interrupted, "Interrupted.");
		try {
			const { unfinished, blockers, total } = await look(kube, rollout);
			answeredAt = performance.now();
			if (total > 0 && unfinished.length === 0) return;
			rollout.say(progress(unfinished, blockers, total));
			const stuck = outlasted(blockers, since, now);
			if (stuck.length > 0) throw await failure(kube, rollout, stuck, "stuck");
			if (now > deadline)
				throw await failure(kube, rollout, blockers, "late", unfinished);
		} catch (error) {
			if (error instanceof CliError) throw error;
			if (performance.now() - answeredAt > API_PATIENCE_MS)
				throw new CliError(
					CLI_EXIT.failure,
					`The cluster's API server does not answer any more: ${apiReason(error)}`,
					{ cause: error },
				);
		}
		await sleep(POLL_MS, undefined, { signal: rollout.signal }).catch(() => {});
	}
}

async function look(kube: Kube, { namespace, release }: Rollout) {
	const all = await workloads(kube, namespace, release);
	const unfinished = all.filter((w) => !w.done);
	if (unfinished.length === 0)
		return { unfinished, blockers: [], total: all.length };
	const [pods, events] = await Promise.all([
		kube.core.listNamespacedPod({
			namespace,
			labelSelector: ofRelease(release),
		}),
		kube.core.listNamespacedEvent({ namespace }),
	]);
	const newest = ofNewest(all, pods.items);
	const counts = new Map<PartName, number>();
	for (const pod of newest) {
		const part = partOf(pod);
		if (part) counts.set(part, (counts.get(part) ?? 0) + 1);
	}
	const blockers = [
		...refusals(unfinished, events.items, counts),
		...(await withReasons(
			kube,
			namespace,
			newest,
			findBlockers(newest, events.items),
		)),
	];
	return { unfinished, blockers, total: all.length };
}

/** One line: how many are done, and for each that is not the first thing that holds it up. */
export function progress(
	unfinished: readonly Workload[],
	blockers: readonly Blocker[],
	total: number,
): string {
	if (total === 0) return "nothing is installed yet";
	const each = unfinished.map(({ part, ready, replicas }) => {
		const why = short(
			blockers.find((b) => b.part === part)?.why ?? "rolling out",
		);
		const count = replicas > 1 ? ` ${ready}/${replicas}` : "";
		return `${part}${count}: ${why}`;
	});
	return `${total - unfinished.length} of ${total} ready; ${each.join("; ")}`;
}

/** The first line, without its middle where it is long: its end has the cause. */
function short(why: string): string {
	const [line = ""] = why.split("\n");
	const half = WHY_CHARACTERS_MAX / 2;
	return line.length > WHY_CHARACTERS_MAX
		? `${line.slice(0, half)} … ${line.slice(-half)}`
		: line;
}

/** Those that lasted longer than their kind may. Remembers since when each is there. */
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

async function failure(
	kube: Kube,
	{ namespace, timeoutMs }: Rollout,
	blockers: readonly Blocker[],
	how: "stuck" | "late",
	unfinished: readonly Workload[] = [],
): Promise<CliError> {
	const lines = [
		how === "late"
			? `Not ready after ${Math.round(timeoutMs / 1_000)} s; it goes on trying, and another \`fireworks up\` waits again.`
			: "The rollout is stuck. What was installed stays, and another `fireworks up` goes on from there.",
	];
	for (const blocker of blockers) {
		const { part, pod, why, fix, log } = blocker;
		lines.push(`  ${part}${pod ? ` (pod ${pod})` : ""}: ${why}`);
		if (fix) lines.push(`    -> ${fix}`);
		if (!log || !pod) continue;
		const last = await lastPodLines(kube, namespace, pod, log, LINES_SHOWN);
		if (last.length > 0)
			lines.push(`    Last lines of ${pod}:`, ...last.map((l) => `      ${l}`));
	}
	for (const { part, ready, replicas } of unfinished)
		if (!blockers.some((b) => b.part === part))
			lines.push(`  ${part}: ${ready} of ${replicas} ready`);
	return new CliError(CLI_EXIT.failure, lines.join("\n"));
}
