/**
 * The last check of an `up`: events reach a websocket client and the page answers, both through the
 * API server and on this machine's own ports.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { CLI_EXIT, CliError } from "../exit-codes.ts";
import type { PartName } from "../local/part-names.ts";
import { dataMoves } from "../local/supervisor/data-probe.ts";
import { askProbe } from "../local/supervisor/http-probe.ts";
import type { Kube } from "./kube/client.ts";
import { COMPONENT, INSTANCE } from "./kube/labels.ts";
import { createdAt, isReady, portsOf } from "./kube/pod-state.ts";
import { forwardPort } from "./kube/port-forward.ts";
import { explain, look } from "./kube/rollout.ts";
import type { Site } from "./site.ts";

/** If ticks come less often than this, the check does not wait for the next one. */
const PATIENCE_MS = 10_000;
const HOST_TIMEOUT_MS = 10_000;
const POLL_MS = 200;

/** Throws CliError if nothing arrives in time. */
export async function waitForData(
	kube: Kube,
	site: Site,
	timeoutMs: number,
	asked: AbortSignal,
): Promise<void> {
	const signal = AbortSignal.any([asked, AbortSignal.timeout(timeoutMs)]);
	const forward = await forwardTo(kube, site, "middleware");
	try {
		if (await dataMoves(probeOf(site, forward.port), signal)) return;
	} finally {
		forward.close();
	}
	if (asked.aborted) throw new CliError(CLI_EXIT.interrupted, "Interrupted.");
	// All parts were ready. One may have become unready since, which would explain the missing
	// data.
	const reasons = await look(kube, { ...site, since: Date.now() })
		.then((seen) => explain(kube, site.namespace, seen.blockers))
		.catch(() => []);
	throw new CliError(
		CLI_EXIT.failure,
		[
			`No event reached the websocket in ${timeoutMs / 1_000} s${reasons.length > 0 ? "; not ready:" : ", although every part says that it is ready."}`,
			...reasons,
			"  -> `fireworks status` shows lag and rates, `fireworks logs metronome` and `logs processor` say why.",
		].join("\n"),
	);
}

/** Throws CliError if the page's pod does not answer. */
export async function checkPage(kube: Kube, site: Site): Promise<void> {
	const forward = await forwardTo(kube, site, "dashboard");
	try {
		const why = await askProbe(
			`http://127.0.0.1:${forward.port}/`,
			PATIENCE_MS,
		);
		if (why !== undefined)
			throw new CliError(
				CLI_EXIT.failure,
				`The page does not answer: ${why}\n  -> See \`fireworks logs dashboard\`.`,
			);
	} finally {
		forward.close();
	}
}

/**
 * Asks the page and the websocket at this machine's own ports, as a browser here would. undefined
 * if both answer; else what does not, for example because Docker runs on another machine.
 */
export async function hostAnswers(
	site: Site,
	asked: AbortSignal,
): Promise<string | undefined> {
	const { dashboardPort, middlewarePort } = site.settings;
	const late = AbortSignal.timeout(HOST_TIMEOUT_MS);
	const signal = AbortSignal.any([asked, late]);
	let why: string | undefined = "no answer";
	while (!signal.aborted) {
		why = await askProbe(`http://127.0.0.1:${dashboardPort}/`, HOST_TIMEOUT_MS);
		if (why === undefined) break;
		await sleep(POLL_MS, undefined, { signal }).catch(() => {});
	}
	if (why !== undefined) return `the page at port ${dashboardPort}: ${why}`;
	return (await dataMoves(probeOf(site, middlewarePort), signal))
		? undefined
		: `the websocket at port ${middlewarePort}: no events`;
}

const probeOf = (site: Site, port: number) => ({
	address: `127.0.0.1:${port}`,
	snapshotWillDo: site.settings.metronomeIntervalMs > PATIENCE_MS,
	bearerToken: site.settings.middlewareBearerToken,
});

async function forwardTo(kube: Kube, site: Site, part: PartName) {
	const { namespace, release } = site;
	const { items } = await kube.core.listNamespacedPod({
		namespace,
		labelSelector: `${INSTANCE}=${release},${COMPONENT}=${part}`,
	});
	// The youngest: after an upgrade, an older one may still run for a moment.
	const [pod] = items
		.filter(isReady)
		.toSorted((a, b) => createdAt(b) - createdAt(a));
	const port = pod && portsOf(pod).http;
	if (!pod?.metadata?.name || port === undefined)
		throw new CliError(CLI_EXIT.failure, `No pod of the ${part} is ready.`);
	return forwardPort(kube, namespace, pod.metadata.name, port);
}
