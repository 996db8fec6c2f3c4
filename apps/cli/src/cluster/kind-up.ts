/**
 * `up --target kind`: images, cluster, chart, data. Each step runs only if it has something to do.
 * An `up` after an interrupted one therefore continues where that stopped, and one with nothing to
 * do takes seconds.
 */
import { join } from "node:path";
import { remember } from "../commands/memory.ts";
import { CLI_EXIT, CliError, type CliExit } from "../exit-codes.ts";
import { optionalPartNames } from "../local/part-names.ts";
import { takeLock } from "../local/state/lock.ts";
import { preflightKind } from "../preflight/kind.ts";
import { showFinding } from "../ui/findings.ts";
import { duration } from "../ui/format.ts";
import { Steps } from "../ui/steps.ts";
import { hostAnswers } from "./data-arrives.ts";
import { CHART } from "./helm/chart.ts";
import { buildImages, imageNames } from "./images/build.ts";
import { loadIntoKind } from "./images/load.ts";
import {
	checkOwnerOf,
	clusterOf,
	ensureCluster,
	isHalf,
	memoryOf,
} from "./kind/ensure.ts";
import { waitForNodes } from "./kind/nodes.ts";
import { rollOut } from "./roll-out.ts";
import type { Site } from "./site.ts";
import { checkInputs } from "./values-input.ts";

const VALUES_FILES = [join(CHART, "values-kind.yaml")];

export const KAFKA_IMAGE = "apache/kafka:4.3.1";

export interface UpWork {
	site: Site;
	/** For the rollout. */
	timeoutMs: number;
	asked: AbortSignal;
}

export async function upKind({
	site,
	timeoutMs,
	asked,
}: UpWork): Promise<CliExit> {
	const began = performance.now();
	const lock = takeLock(join(site.folder.root, "kind.lock"));
	if (!lock.held)
		throw new CliError(
			CLI_EXIT.failure,
			`Another \`fireworks\` works on this (pid ${lock.owner.pid}): wait for it.`,
		);
	try {
		await bringUp(site, timeoutMs, asked);
	} catch (error) {
		if (asked.aborted) {
			console.error("Interrupted; another `fireworks up` goes on from here.");
			return CLI_EXIT.interrupted;
		}
		throw error;
	} finally {
		lock.release();
	}
	console.log(
		`\nFireworks is up after ${duration(performance.now() - began)}: http://localhost:${site.settings.dashboardPort}\nfireworks status | logs -f | audit | down`,
	);
	return CLI_EXIT.ok;
}

async function bringUp(
	site: Site,
	timeoutMs: number,
	asked: AbortSignal,
): Promise<void> {
	const { settings } = site;
	const steps = new Steps(process.stdout);
	const cluster = clusterOf(site);
	await steps.run("Checks before the start", async () => {
		await checkMachine(site);
		await checkOwnerOf(site);
		await checkInputs(site, VALUES_FILES, addressesOf(site));
	});
	// Remembered now, so the other commands know the system even if this `up` stops half way. A
	// cluster that an interrupted `up` was making stays marked as such.
	remember(site.folder, memoryOf(site, isHalf(site) ? cluster.name : null));
	const images = await steps.run("Images", async (say) => {
		const { refs, added } = await buildImages({
			names: imageNames(
				settings.engine,
				site.pipelines,
				optionalPartNames(settings),
			),
			env: site.env,
			logFile: join(site.folder.root, "images.log"),
			signal: asked,
			say,
		});
		say(added === 0 ? "unchanged" : `${added} of ${refs.size} are new`);
		return refs;
	});
	stopIf(asked);
	const kube = await steps.run(`kind cluster ${cluster.name}`, (say) =>
		ensureCluster(site, cluster, asked, say),
	);
	await steps.run("Loading the images", async (say) => {
		const kafka = settings.kafkaImage || KAFKA_IMAGE;
		const refs = [...images.values(), kafka];
		const loaded = await loadIntoKind({ cluster: cluster.name, refs, say });
		say(loaded.length === 0 ? "all there" : `${loaded.length} loaded`);
	});
	await steps.run("Waiting for the nodes", (say) =>
		waitForNodes(cluster, "ready", asked, say).then(() => say("ready")),
	);
	stopIf(asked);
	await rollOut({
		kube,
		site,
		valuesFiles: VALUES_FILES,
		made: { images: byPart(images), ...addressesOf(site) },
		alone: true,
		timeoutMs,
		steps,
		asked,
	});
	if (cluster.internal) return;
	await steps.run("This machine's own ports", async (say) => {
		const why = await hostAnswers(site, asked);
		say(
			why === undefined
				? `${settings.dashboardPort} and ${settings.middlewarePort}`
				: `do not lead there (is Docker on another machine?): ${why}`,
		);
	});
}

/** By the names of the chart's parts: the image of another engine is the processor's. */
const byPart = (refs: ReadonlyMap<string, string>): Map<string, string> =>
	new Map(
		[...refs].map(([name, ref]) => [
			name.replace(/^engine-.*/, "processor"),
			ref,
		]),
	);

/** Throws CliError with all problems. */
async function checkMachine(site: Site): Promise<void> {
	const findings = await preflightKind(site);
	for (const finding of findings)
		if (finding.level === "warning") console.error(showFinding(finding));
	const problems = findings.filter((f) => f.level === "problem");
	if (problems.length > 0)
		throw new CliError(
			CLI_EXIT.failure,
			`Not started:\n${problems.map(showFinding).join("\n")}`,
		);
}

/**
 * The page's and the websocket's addresses. The page expects its websocket at port 8080 of its own
 * host, so they are only needed if a port was changed.
 */
function addressesOf({ settings }: Site) {
	const { dashboardPort, middlewarePort } = settings;
	if (dashboardPort === 3000 && middlewarePort === 8080) return {};
	return {
		addresses: {
			origins: [
				`http://localhost:${dashboardPort}`,
				`http://127.0.0.1:${dashboardPort}`,
			],
			websocketUrl: `ws://localhost:${middlewarePort}/ws`,
		},
	};
}

function stopIf(asked: AbortSignal): void {
	if (asked.aborted) throw new CliError(CLI_EXIT.interrupted, "Interrupted.");
}
