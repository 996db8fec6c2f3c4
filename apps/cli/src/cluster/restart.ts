/**
 * `restart PART` of a system in a cluster: a rollout restart, as `kubectl rollout restart` does it.
 * Kubernetes replaces the pods by the workload's own strategy.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { V1Deployment, V1StatefulSet } from "@kubernetes/client-node";
import { stopSignals } from "../commands/stop-signals.ts";
import { CLI_EXIT, CliError, type CliExit } from "../exit-codes.ts";
import { Steps } from "../ui/steps.ts";
import type { Kube } from "./kube/client.ts";
import { apiReason } from "./kube/errors.ts";
import { ofRelease, partOf } from "./kube/labels.ts";
import { explain, look } from "./kube/rollout.ts";
import { mustReach } from "./reach.ts";
import type { Site } from "./site.ts";

const POLL_MS = 400;

type Workload =
	| { kind: "Deployment"; object: V1Deployment }
	| { kind: "StatefulSet"; object: V1StatefulSet };

export async function kubeRestart(
	site: Site,
	{ part, timeoutMs }: { part: string; timeoutMs: number },
): Promise<CliExit> {
	const signal = stopSignals(() => process.exit(CLI_EXIT.interrupted));
	const kube = await mustReach(site);
	const chosen = ofPart(await read(kube, site), part, site.namespace);
	const steps = new Steps(process.stdout);
	await steps.run(`Restarting ${part}`, async (say) => {
		const since = Date.now();
		for (const workload of chosen) await rollAgain(kube, site, workload);
		const end = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
		for (;;) {
			const { wanted, ready } = progressOf(
				ofPart(await read(kube, site), part, site.namespace),
			);
			if (ready === wanted) return say("");
			say(`${ready} of ${wanted} pods are new and ready`);
			if (end.aborted) break;
			await sleep(POLL_MS, undefined, { signal: end }).catch(() => {});
		}
		const { blockers } = await look(kube, { ...site, since });
		throw new CliError(
			signal.aborted ? CLI_EXIT.interrupted : CLI_EXIT.failure,
			[
				`${part} is not ready ${timeoutMs / 1_000} s after its restart. Kubernetes goes on with it.`,
				...(await explain(kube, site.namespace, blockers)),
			].join("\n"),
		);
	});
	return CLI_EXIT.ok;
}

async function read(
	{ apps }: Kube,
	{ namespace, release }: Site,
): Promise<Workload[]> {
	const which = { namespace, labelSelector: ofRelease(release) };
	const [deployments, statefulSets] = await Promise.all([
		apps.listNamespacedDeployment(which),
		apps.listNamespacedStatefulSet(which),
	]).catch((error: unknown) => {
		throw new CliError(
			CLI_EXIT.failure,
			`The workloads of ${release} in namespace ${namespace} cannot be read: ${apiReason(error)}`,
			{ cause: error },
		);
	});
	return [
		...deployments.items.map(
			(object): Workload => ({ kind: "Deployment", object }),
		),
		...statefulSets.items.map(
			(object): Workload => ({ kind: "StatefulSet", object }),
		),
	];
}

function ofPart(
	all: readonly Workload[],
	part: string,
	namespace: string,
): Workload[] {
	const chosen = all.filter(({ object }) => partOf(object) === part);
	if (chosen.length > 0) return chosen;
	const parts = all.flatMap(({ object }) => partOf(object) ?? []);
	throw parts.length === 0
		? new CliError(
				CLI_EXIT.failure,
				`Fireworks is not installed in namespace ${namespace}. Start it: \`fireworks up\``,
			)
		: new CliError(
				CLI_EXIT.usage,
				`There is no part "${part}" in namespace ${namespace}: ${parts.join(", ")}.`,
			);
}

/** wanted: pods that the workloads ask for. ready: pods of the newest revision that are ready. */
export function progressOf(workloads: readonly Workload[]): {
	wanted: number;
	ready: number;
} {
	let wanted = 0;
	let ready = 0;
	for (const { kind, object } of workloads) {
		const { spec, status, metadata } = object;
		const replicas = spec?.replicas ?? 1;
		wanted += replicas;
		const { observedGeneration = 0, updatedReplicas = 0 } = status ?? {};
		// Until the controller has seen the change, its numbers are about the old revision.
		if (observedGeneration < (metadata?.generation ?? 0)) continue;
		// While pods of the old revision are left, the ready ones may be those.
		if ((status?.replicas ?? 0) > updatedReplicas) continue;
		const available =
			kind === "Deployment" ? status?.availableReplicas : status?.readyReplicas;
		ready += Math.min(updatedReplicas, available ?? 0, replicas);
	}
	return { wanted, ready };
}

/** Changes an annotation of the pod template, so that the workload makes new pods. */
async function rollAgain(
	{ library, apps }: Kube,
	{ namespace }: Site,
	{ kind, object }: Workload,
): Promise<void> {
	const name = object.metadata?.name ?? "";
	const annotations = {
		"kubectl.kubernetes.io/restartedAt": new Date().toISOString(),
	};
	const body = { spec: { template: { metadata: { annotations } } } };
	const merge = library.setHeaderOptions(
		"Content-Type",
		library.PatchStrategy.MergePatch,
	);
	if (kind === "Deployment")
		await apps.patchNamespacedDeployment({ name, namespace, body }, merge);
	else await apps.patchNamespacedStatefulSet({ name, namespace, body }, merge);
}
