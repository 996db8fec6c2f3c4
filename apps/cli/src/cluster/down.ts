/**
 * `down` of a system in a cluster.
 *
 * kind: if `up` of this clone made the cluster, removes it with all its data. With --purge it also
 * removes the images that were built here. If the cluster was made otherwise, removes only the
 * release. A cluster of another clone is left alone.
 *
 * cluster: removes the release. Kafka's claims stay; --purge removes them, and also the namespace
 * if `up` made it.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { forget, remembers } from "../commands/memory.ts";
import { CLI_EXIT, CliError, type CliExit } from "../exit-codes.ts";
import { takeLock } from "../local/state/lock.ts";
import { ROOT } from "../project.ts";
import { tryTool } from "../run-tool.ts";
import { plural } from "../ui/format.ts";
import { Steps } from "../ui/steps.ts";
import { uninstall } from "./helm/release.ts";
import { developmentImages } from "./images/build.ts";
import {
	clusterExists,
	deleteCluster,
	removeUnusedNetwork,
} from "./kind/cluster.ts";
import { clusterOf } from "./kind/ensure.ts";
import { networkHook } from "./kind/network-hook.ts";
import { isMarked } from "./kind/nodes.ts";
import { ownerOf, release } from "./kind/owner.ts";
import { connect, type Kube } from "./kube/client.ts";
import { apiReason, orAbsent } from "./kube/errors.ts";
import { ofRelease } from "./kube/labels.ts";
import { isOurs } from "./kube/namespace.ts";
import { reach } from "./reach.ts";
import type { Site } from "./site.ts";

const DOCKER_TIMEOUT_MS = 120_000;

export async function kubeDown(
	site: Site,
	{ purge }: { purge: boolean },
): Promise<CliExit> {
	const steps = new Steps(process.stdout);
	const { root } = site.folder;
	const lock = takeLock(join(root, "kind.lock"));
	if (!lock.held)
		throw new CliError(
			CLI_EXIT.failure,
			`Another \`fireworks\` works on this (pid ${lock.owner.pid}): wait for it, or end it.`,
		);
	try {
		if (site.target === "kind") await downKind(site, purge, steps);
		else await downCluster(site, purge, steps);
		if (site.memory?.target === site.target) forget(site.folder);
	} finally {
		lock.release();
	}
	return CLI_EXIT.ok;
}

async function downKind(
	site: Site,
	purge: boolean,
	steps: Steps,
): Promise<void> {
	const { name, kubeconfig, internal } = clusterOf(site);
	const owner = await ownerOf(name);
	if (owner !== undefined && owner !== ROOT)
		console.log(
			`The kind cluster "${name}" belongs to another clone (${owner || "of an unknown folder"}): it stays.`,
		);
	else if (!(await clusterExists(name)))
		console.log(`There is no kind cluster "${name}".`);
	else if (owner === undefined && !remembers(site.memory, name))
		console.log(
			`The kind cluster "${name}" was not made by this clone: it stays (\`kind delete cluster --name ${name}\` removes it).`,
		);
	else if (await madeByUp(site)) {
		await networkHook(internal, "down", name);
		await steps.run(`Removing the kind cluster ${name}`, async () => {
			await deleteCluster(name, kubeconfig);
			await removeUnusedNetwork();
		});
	} else {
		console.log(
			`The kind cluster "${name}" was not made by \`fireworks up\`: it stays (\`kind delete cluster --name ${name}\` removes it).`,
		);
		await uninstallRelease(site, steps);
		await networkHook(internal, "down", name);
	}
	await release(name);
	// Both the host's file and the devcontainer's, wherever this runs.
	for (const file of ["kubeconfig", "kubeconfig.internal"])
		rmSync(join(site.folder.root, file), { force: true });
	if (!purge) return;
	await steps.run("Removing the images built here", removeImages);
	rmSync(join(site.folder.root, "images.log"), { force: true });
}

/**
 * Decided by the mark on the cluster's nodes. A cluster whose creation was interrupted has no mark,
 * and perhaps no API, but the memory of the last `up` knows it.
 */
async function madeByUp(site: Site): Promise<boolean> {
	if (site.memory?.making === site.settings.kindCluster) return true;
	try {
		const kube = await reach(site);
		return kube !== undefined && (await isMarked(kube));
	} catch (error) {
		// The cluster no longer answers, but the last `up` of this folder brought it up.
		if (site.memory?.target === "kind") return true;
		throw new CliError(
			CLI_EXIT.failure,
			`The kind cluster "${site.settings.kindCluster}" does not answer, and whether \`up\` made it is not known: ${apiReason(error)}\n  -> \`kind delete cluster --name ${site.settings.kindCluster}\` removes it.`,
			{ cause: error },
		);
	}
}

async function downCluster(
	site: Site,
	purge: boolean,
	steps: Steps,
): Promise<void> {
	const kube = await connect(site.access);
	await uninstallRelease(site, steps);
	const { namespace } = site;
	if (!purge) {
		const claims = await claimsOf(kube, site);
		if (claims.length > 0)
			console.log(
				`Kept: Kafka's data (${claims.join(", ")}); \`down --purge\` removes it.`,
			);
		return;
	}
	await steps.run("Removing Kafka's data", async (say) => {
		const claims = await claimsOf(kube, site);
		for (const name of claims)
			await orAbsent(
				kube.core.deleteNamespacedPersistentVolumeClaim({ name, namespace }),
			);
		say(plural(claims.length, "claim"));
	});
	if (await isOurs(kube, namespace))
		await steps.run(`Removing the namespace ${namespace}`, () =>
			orAbsent(kube.core.deleteNamespace({ name: namespace })),
		);
}

const uninstallRelease = (site: Site, steps: Steps): Promise<void> =>
	steps.run(`Uninstalling ${site.release}`, async (say) => {
		if (!(await uninstall(site))) say("it was not installed");
	});

async function claimsOf(
	kube: Kube,
	{ namespace, release }: Site,
): Promise<string[]> {
	const { items } = await kube.core.listNamespacedPersistentVolumeClaim({
		namespace,
		labelSelector: ofRelease(release),
	});
	return items.flatMap((claim) => claim.metadata?.name ?? []);
}

/** Removes the images that `up` has built: only these have such names. */
async function removeImages(say: (progress: string) => void): Promise<void> {
	const run = { timeoutMs: DOCKER_TIMEOUT_MS };
	const refs = await developmentImages();
	let removed = 0;
	for (const ref of refs) {
		const { code } = await tryTool("docker", ["image", "rm", ref], run);
		// An image that a container uses stays.
		if (code === 0) removed++;
	}
	say(plural(removed, "image"));
}
