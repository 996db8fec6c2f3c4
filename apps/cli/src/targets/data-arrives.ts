/** The last proof of an `up`: events reach a websocket client, and the page answers; by the API server, and by this machine's own ports. */
import { setTimeout as sleep } from "node:timers/promises";
import { CLI_EXIT, CliError } from "../exit-codes.ts";
import type { Kube } from "../kube/client.ts";
import { COMPONENT, INSTANCE } from "../kube/labels.ts";
import { isReady, portsOf } from "../kube/pod-state.ts";
import { forwardPort } from "../kube/port-forward.ts";
import type { PartName } from "../part-names.ts";
import { dataMoves } from "../supervisor/data-probe.ts";
import { askProbe } from "../supervisor/http-probe.ts";
import type { Site } from "./site.ts";

/** Where ticks are farther apart, nobody waits for the next one. */
const PATIENCE_MS = 10_000;
const HOST_TIMEOUT_MS = 10_000;
const POLL_MS = 200;

/** Throws CliError where nothing arrives in time. */
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
	throw new CliError(
		CLI_EXIT.failure,
		`Every part says that it is ready, but no event reached the websocket in ${timeoutMs / 1_000} s.\n  -> \`fireworks status\` shows lag and rates, \`fireworks logs metronome\` and \`logs processor\` say why.`,
	);
}

/** Throws CliError where the page's pod does not answer. */
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
 * Whether the page and the websocket answer at this machine's own ports, as a browser here would ask them. undefined where they do; else
 * what does not, e.g. where Docker runs on another machine.
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
	const pod = items.find(isReady);
	const port = pod && portsOf(pod).http;
	if (!pod?.metadata?.name || port === undefined)
		throw new CliError(CLI_EXIT.failure, `No pod of the ${part} is ready.`);
	return forwardPort(kube, namespace, pod.metadata.name, port);
}
