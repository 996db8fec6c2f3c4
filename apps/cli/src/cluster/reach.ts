/** Connects to the cluster of a site, for commands on a system that may not exist. */
import { existsSync } from "node:fs";
import { CLI_EXIT, CliError } from "../exit-codes.ts";
import {
	bypassProxy,
	clusterExists,
	exportKubeconfig,
} from "./kind/cluster.ts";
import { connect, type Kube } from "./kube/client.ts";
import { isInternal, type Site } from "./site.ts";

/** undefined if the kind cluster does not exist. */
export async function reach(site: Site): Promise<Kube | undefined> {
	const { target, access, settings } = site;
	if (target === "kind") {
		const name = settings.kindCluster;
		if (!(await clusterExists(name))) return undefined;
		await bypassProxy(name);
		const { kubeconfig = "" } = access;
		// Another clone, or the devcontainer, may have created the cluster.
		if (!existsSync(kubeconfig))
			await exportKubeconfig({
				name,
				kubeconfig,
				internal: isInternal(settings),
			});
	}
	return connect(access);
}

/** Throws CliError if there is no cluster. */
export async function mustReach(site: Site): Promise<Kube> {
	const kube = await reach(site);
	if (kube) return kube;
	throw new CliError(
		CLI_EXIT.failure,
		`There is no kind cluster "${site.settings.kindCluster}". Start it: \`fireworks up --target kind\``,
	);
}
