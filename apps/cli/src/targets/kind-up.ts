/**
 * `up --target kind`: images, cluster, chart, data; each step only where there is something to do, so that an `up` after an interrupted one goes on
 * where that stopped, and one with nothing to do takes seconds.
 */
import { join } from "node:path";
import { CLI_EXIT, CliError, type CliExit } from "../exit-codes.ts";
import { CHART } from "../helm/release.ts";
import {
	buildArgsOf,
	buildImages,
	IMAGES,
	ImageError,
	loadIntoKind,
} from "../images/index.ts";
import {
	clusterExists,
	createCluster,
	deleteCluster,
	exportKubeconfig,
	isMarked,
	type KindCluster,
	markAsOurs,
	startNodes,
	waitForNodes,
} from "../kind/cluster.ts";
import { networkHook } from "../kind/network-hook.ts";
import type { Kube } from "../kube/client.ts";
import { preflightKind } from "../preflight/kind.ts";
import { takeLock } from "../state/lock.ts";
import { showFinding } from "../ui/findings.ts";
import { duration } from "../ui/format.ts";
import { Steps } from "../ui/steps.ts";
import { hostAnswers } from "./data-arrives.ts";
import { type Memory, remember, rememberable } from "./memory.ts";
import { rollOut } from "./roll-out.ts";
import { isInternal, type Site } from "./site.ts";

/** A whole cluster's API answers in a second; after a restart of Docker in some more. */
const WHOLE_TIMEOUT_MS = 15_000;

export const KAFKA_IMAGE = "apache/kafka:4.3.1";

export interface UpWork {
	site: Site;
	/** Of the rollout. */
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
		if (error instanceof ImageError)
			throw new CliError(CLI_EXIT.failure, error.message, { cause: error });
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
	await steps.run("Checks before the start", () => check(site));
	// For the other words, should this one stop half way; what was being made stays known.
	remember(site.folder, memoryOf(site, isHalf(site) ? cluster.name : null));
	const images = await steps.run("Images", async (say) => {
		const { images, tag } = await buildImages({
			onProgress: say,
			names: imageNames(settings.engine),
			args: buildArgsOf(settings),
		});
		const built = images.filter((image) => image.built).length;
		say(built === 0 ? `${tag}, all there` : `${tag}, ${built} built`);
		return new Map(images.map(({ name, ref }) => [partOfImage(name), ref]));
	});
	stopIf(asked);
	const kube = await steps.run(`kind cluster ${cluster.name}`, (say) =>
		ensureCluster(site, cluster, asked, say),
	);
	await steps.run("Loading the images", async (say) => {
		const kafka = settings.kafkaImage || KAFKA_IMAGE;
		const refs = [...images.values(), kafka];
		const { loaded } = await loadIntoKind({
			cluster: cluster.name,
			refs,
			onProgress: say,
		});
		say(loaded.length === 0 ? "all there" : `${loaded.length} loaded`);
	});
	await steps.run("Waiting for the nodes", (say) =>
		waitForNodes(cluster, "ready", asked, say).then(() => say("ready")),
	);
	stopIf(asked);
	await rollOut({
		kube,
		site,
		valuesFiles: [join(CHART, "values-kind.yaml")],
		images,
		...addressesOf(site),
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

/** Another engine's image takes the processor's place. */
const imageNames = (engine: string): string[] =>
	IMAGES.map(({ name }) =>
		name === "processor" && engine !== "typescript" ? `engine-${engine}` : name,
	);

const partOfImage = (name: string): string =>
	name.startsWith("engine-") ? "processor" : name;

/** Throws CliError with all that is in the way. */
async function check(site: Site): Promise<void> {
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

async function ensureCluster(
	site: Site,
	cluster: KindCluster,
	asked: AbortSignal,
	say: (progress: string) => void,
): Promise<Kube> {
	const { name } = cluster;
	const half = isHalf(site);
	let there = await clusterExists(name);
	if (there && half) say("looking at one whose making was interrupted");
	if (there && half && !(await isWhole(cluster))) {
		say("removing one whose making was interrupted");
		await deleteCluster(name, cluster.kubeconfig);
		there = false;
	}
	if (!there) {
		remember(site.folder, memoryOf(site, name));
		await createCluster(cluster, asked, say);
	} else {
		const started = await startNodes(name);
		if (started.length > 0) say(`started ${started.join(", ")}`);
	}
	// kind writes the address as seen from this machine; in the devcontainer another one is needed.
	await exportKubeconfig(cluster);
	await networkHook(cluster.internal, "up", name);
	const kube = await waitForNodes(cluster, "answers", asked, say);
	if (!there || half) await markAsOurs(kube);
	if (half || !there) remember(site.folder, memoryOf(site, null));
	say(there ? "there" : "made");
	return kube;
}

/** Whether the last `up` was interrupted while it made this cluster. */
const isHalf = ({ memory, settings }: Site): boolean =>
	memory?.making === settings.kindCluster;

/** Whether its API answers and says that we made it: an interrupted making leaves neither. */
async function isWhole(cluster: KindCluster): Promise<boolean> {
	const asked = AbortSignal.timeout(WHOLE_TIMEOUT_MS);
	try {
		await exportKubeconfig(cluster);
		return await isMarked(
			await waitForNodes(cluster, "answers", asked, () => {}),
		);
	} catch {
		return false;
	}
}

export const clusterOf = ({ settings, access }: Site): KindCluster => ({
	name: settings.kindCluster,
	nodes: settings.kindNodes,
	nodeImage: settings.kindNodeImage,
	dashboardPort: settings.dashboardPort,
	middlewarePort: settings.middlewarePort,
	kubeconfig: access.kubeconfig ?? "",
	internal: isInternal(settings),
});

const memoryOf = (site: Site, making: string | null): Memory => ({
	version: 1,
	target: "kind",
	context: null,
	making,
	settings: rememberable(site.env),
});

/** The page looks for its websocket at port 8080 of its own host, which is right unless another port was asked for. */
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
