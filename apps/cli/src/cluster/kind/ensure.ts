/**
 * The kind cluster of an `up`: created, started again, or removed and created again if an earlier
 * `up` was interrupted while it created it.
 */
import {
	type Memory,
	remember,
	rememberable,
	remembers,
} from "../../commands/memory.ts";
import type { Kube } from "../kube/client.ts";
import { isInternal, type Site } from "../site.ts";
import {
	bypassProxy,
	clusterExists,
	deleteCluster,
	exportKubeconfig,
	type KindCluster,
} from "./cluster.ts";
import { createCluster } from "./create.ts";
import { networkHook } from "./network-hook.ts";
import { isMarked, markAsOurs, startNodes, waitForNodes } from "./nodes.ts";
import { checkOwner, claim, ownerOf } from "./owner.ts";

/** The API of a complete cluster answers in a second, or a few more after a restart of Docker. */
const WHOLE_TIMEOUT_MS = 15_000;

/** Throws CliError if the cluster belongs to another clone, before anything of it is touched. */
export async function checkOwnerOf({ settings, memory }: Site): Promise<void> {
	const cluster = settings.kindCluster;
	const owner = await ownerOf(cluster);
	const exists = await clusterExists(cluster);
	const remembered = remembers(memory, cluster);
	checkOwner({ cluster, owner, exists, remembered });
}

export async function ensureCluster(
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
		await claim(name);
		await createCluster(cluster, asked, say);
	} else {
		await claim(name);
		const started = await startNodes(name);
		if (started.length > 0) say(`started ${started.join(", ")}`);
	}
	// kind writes the address as seen from this machine. The devcontainer needs another one.
	await exportKubeconfig(cluster);
	await bypassProxy(name);
	await networkHook(cluster.internal, "up", name);
	const kube = await waitForNodes(cluster, "answers", asked, say);
	if (!there || half) await markAsOurs(kube);
	if (half || !there) remember(site.folder, memoryOf(site, null));
	say(there ? "there" : "made");
	return kube;
}

/** Whether the last `up` was interrupted while it made this cluster. */
export const isHalf = ({ memory, settings }: Site): boolean =>
	memory?.making === settings.kindCluster;

/**
 * Whether its API answers and says that we made it. If its creation was interrupted, both are
 * missing.
 */
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

export const memoryOf = (site: Site, making: string | null): Memory => ({
	version: 1,
	target: "kind",
	context: null,
	making,
	pipelines: [...site.pipelines],
	settings: rememberable(site.env),
});
