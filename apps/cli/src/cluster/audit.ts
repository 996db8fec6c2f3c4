/**
 * `audit` and `reset` of a system in a cluster. A Job in the cluster does the work; its output and
 * exit code are passed on.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { V1Deployment, V1Pod } from "@kubernetes/client-node";
import { stopSignals } from "../commands/stop-signals.ts";
import { CLI_EXIT, CliError, type CliExit } from "../exit-codes.ts";
import { releaseImage } from "./helm/release.ts";
import { auditJob, cliImageNextTo, podOfJob } from "./kube/audit-job.ts";
import { findBlockers } from "./kube/blockers.ts";
import type { Kube } from "./kube/client.ts";
import { apiReason } from "./kube/errors.ts";
import { COMPONENT, INSTANCE } from "./kube/labels.ts";
import { eachLogLine } from "./kube/pod-logs.ts";
import { containersOf } from "./kube/pod-state.ts";
import { mustReach } from "./reach.ts";
import type { Site } from "./site.ts";

const START_TIMEOUT_MS = 120_000;
const POLL_MS = 300;

/** Exit codes as in the local audit: 0 clean, 1 findings, 2 no result, with the reason. */
export async function kubeAudit(
	site: Site,
	options: { json: boolean },
): Promise<CliExit> {
	const asked = stopSignals(() => process.exit(CLI_EXIT.interrupted));
	try {
		const kube = await mustReach(site);
		const args = ["audit", ...(options.json ? ["--json"] : [])];
		return await runJob(kube, site, args, asked);
	} catch (error) {
		if (asked.aborted) return CLI_EXIT.interrupted;
		const reason = error instanceof CliError ? error.message : apiReason(error);
		if (options.json)
			console.log(JSON.stringify({ result: "unknown", reason }));
		else console.log(`Could not tell: ${reason}`);
		return CLI_EXIT.unknown;
	}
}

/** Exit codes as in the local reset: 0 cleared, 1 there was nothing to clear. */
export async function kubeReset(
	site: Site,
	stage: string,
	key: string,
): Promise<CliExit> {
	const asked = stopSignals(() => process.exit(CLI_EXIT.interrupted));
	const args = ["reset", stage, "--key", key];
	return runJob(await mustReach(site), site, args, asked);
}

async function runJob(
	kube: Kube,
	site: Site,
	args: readonly string[],
	asked: AbortSignal,
): Promise<CliExit> {
	const { namespace, release } = site;
	const metronome = await metronomeOf(kube, site);
	const job = await kube.batch.createNamespacedJob({
		namespace,
		body: auditJob({
			release,
			namespace,
			metronome,
			image: await imageOf(site, metronome),
			args,
		}),
	});
	const name = job.metadata?.name ?? "";
	try {
		const pod = await started(kube, site, name, asked);
		const print = (line: string) => console.log(line);
		await eachLogLine(kube, namespace, pod, { follow: true }, print, asked);
		return await exitOf(kube, site, name, asked);
	} finally {
		await kube.batch
			.deleteNamespacedJob({
				namespace,
				name,
				propagationPolicy: "Background",
				gracePeriodSeconds: 0,
			})
			.catch(() => {});
	}
}

async function metronomeOf(
	kube: Kube,
	{ namespace, release }: Site,
): Promise<V1Deployment> {
	const { items } = await kube.apps.listNamespacedDeployment({
		namespace,
		labelSelector: `${INSTANCE}=${release},${COMPONENT}=metronome`,
	});
	if (items[0]) return items[0];
	throw new CliError(
		CLI_EXIT.unknown,
		`there is no metronome in namespace ${namespace}: nothing is installed`,
	);
}

/** The image that the release's values name, else the one next to the metronome's. */
async function imageOf(site: Site, metronome: V1Deployment): Promise<string> {
	const named = await releaseImage(site, "cli");
	const own = metronome.spec?.template.spec?.containers[0]?.image ?? "";
	const image = named || cliImageNextTo(own);
	if (image) return image;
	throw new CliError(
		CLI_EXIT.unknown,
		`the command's image is not known: the values name none (cli.image), and it does not follow from the metronome's (${own})`,
	);
}

/** Returns the pod's name once its container runs or has ended. */
async function started(
	kube: Kube,
	{ namespace }: Site,
	job: string,
	asked: AbortSignal,
): Promise<string> {
	const deadline = performance.now() + START_TIMEOUT_MS;
	for (;;) {
		const pod = await podOfJob(kube, namespace, job);
		const state = pod && containersOf(pod)[0]?.state;
		if (pod?.metadata?.name && (state?.running || state?.terminated))
			return pod.metadata.name;
		if (asked.aborted) throw new CliError(CLI_EXIT.interrupted, "Interrupted.");
		if (performance.now() > deadline)
			throw new CliError(CLI_EXIT.unknown, await whyNot(kube, namespace, pod));
		await sleep(POLL_MS);
	}
}

async function whyNot(
	kube: Kube,
	namespace: string,
	pod: V1Pod | undefined,
): Promise<string> {
	const wait = `the audit's pod did not start in ${START_TIMEOUT_MS / 1_000} s`;
	if (!pod) return `${wait}: none was made`;
	const { items } = await kube.core.listNamespacedEvent({ namespace });
	// The pod is labelled as a part here, so that its problems are explained like a part's.
	const asPart: V1Pod = {
		...pod,
		metadata: { ...pod.metadata, labels: { [COMPONENT]: "processor" } },
	};
	return `${wait}: ${findBlockers([asPart], items)[0]?.why ?? "it is not ready"}`;
}

async function exitOf(
	kube: Kube,
	{ namespace }: Site,
	job: string,
	asked: AbortSignal,
): Promise<CliExit> {
	for (;;) {
		const pod = await podOfJob(kube, namespace, job);
		const ended = pod && containersOf(pod)[0]?.state?.terminated;
		if (asked.aborted) return CLI_EXIT.interrupted;
		if (pod === undefined)
			throw new CliError(CLI_EXIT.unknown, "the audit's pod was removed");
		if (ended) {
			const { exitCode, reason } = ended;
			if (exitCode === CLI_EXIT.ok || exitCode === CLI_EXIT.failure)
				return exitCode;
			if (exitCode === CLI_EXIT.unknown) return CLI_EXIT.unknown;
			throw new CliError(
				CLI_EXIT.unknown,
				`the audit ended with exit code ${exitCode} (${reason ?? "no reason"})`,
			);
		}
		await sleep(POLL_MS);
	}
}
