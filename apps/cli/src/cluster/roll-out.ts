/**
 * The steps that both targets share once there is a cluster with its images: namespace, release,
 * and the check that data arrives.
 */
import { CLI_EXIT, CliError } from "../exit-codes.ts";
import { toolFailed } from "../run-tool.ts";
import type { Steps } from "../ui/steps.ts";
import { checkPage, waitForData } from "./data-arrives.ts";
import {
	endPending,
	type Install,
	isCurrent,
	releaseStatus,
	upgrade,
} from "./helm/release.ts";
import type { Kube } from "./kube/client.ts";
import { apiReason } from "./kube/errors.ts";
import { ensureNamespace } from "./kube/namespace.ts";
import { isReady } from "./kube/pod-state.ts";
import { explain, look, watchRollout } from "./kube/rollout.ts";
import type { Site } from "./site.ts";
import { type MadeHere, ownValuesFiles, valuesOf } from "./values-input.ts";

const DATA_TIMEOUT_MS = 60_000;

export interface RollOut {
	kube: Kube;
	site: Site;
	/** The chart's own values files for this target. */
	valuesFiles: readonly string[];
	made: MadeHere;
	/** No other process installs in this cluster. */
	alone: boolean;
	timeoutMs: number;
	steps: Steps;
	asked: AbortSignal;
}

export async function rollOut(work: RollOut): Promise<void> {
	const { kube, site, steps, asked } = work;
	const { namespace, release } = site;
	await steps.run(`Installing the chart (${release})`, async (say) => {
		const { restricted } = await ensureNamespace(kube, namespace).catch(
			(error: unknown) => {
				throw new CliError(
					CLI_EXIT.failure,
					`The namespace ${namespace} can be neither read nor created: ${apiReason(error)}`,
					{ cause: error },
				);
			},
		);
		const done = await install(work, say);
		say(
			restricted
				? done
				: `${done}; the namespace ${namespace} existed and does not enforce Pod Security "restricted"`,
		);
	});
	await steps.run("Waiting for data on the websocket", async (say) => {
		await waitForData(kube, site, DATA_TIMEOUT_MS, asked);
		await checkPage(kube, site);
		say("events arrive, and the page answers");
	});
}

/** Returns what was done. Throws CliError with what blocks the pods. */
async function install(
	work: RollOut,
	say: (progress: string) => void,
): Promise<string> {
	const { kube, site, made, alone, timeoutMs, asked } = work;
	const release: Install = {
		name: site,
		valuesFiles: [...work.valuesFiles, ...ownValuesFiles(site)],
		values: valuesOf(site, made),
		alone,
		timeoutMs,
		say,
	};
	const watched = { ...site, since: Date.now() };
	const current = await releaseStatus(site, asked);
	if (isCurrent(release, current)) {
		const { pods } = await look(kube, watched);
		if (pods.length > 0 && pods.every(isReady))
			return `revision ${current.revision}, unchanged`;
	}
	await endPending(release, current);
	say(current ? `upgrading revision ${current.revision}` : "installing");
	const stuck = new AbortController();
	const ended = new AbortController();
	const watching = watchRollout(kube, watched, say, ended.signal).then(
		(found) => {
			if (found.length > 0) stuck.abort();
			return found;
		},
	);
	const stop = AbortSignal.any([asked, stuck.signal]);
	const result = await upgrade(release, stop).finally(() => ended.abort());
	const lasting = await watching;
	if (result.code === 0) return current ? "upgraded" : "installed";
	if (asked.aborted) throw new CliError(CLI_EXIT.interrupted, "Interrupted.");
	const failed = toolFailed("helm upgrade", result, { timeoutMs });
	const blockers =
		lasting.length > 0
			? lasting
			: await look(kube, watched).then(
					(seen) => seen.blockers,
					() => [],
				);
	if (blockers.length === 0) throw failed;
	const what =
		lasting.length > 0
			? "Waiting longer does not help, so the installation was stopped."
			: failed.message;
	throw new CliError(
		CLI_EXIT.failure,
		[
			what,
			"What was installed stays, and `fireworks up` continues from there. These parts are not ready:",
			...(await explain(kube, site.namespace, blockers)),
		].join("\n"),
	);
}
