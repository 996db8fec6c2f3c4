/** The way to the cluster of a site, for the words that look at a system that may not be there. */
import { existsSync } from "node:fs";
import { CLI_EXIT, CliError } from "../exit-codes.ts";
import { clusterExists, exportKubeconfig } from "../kind/cluster.ts";
import { connect, type Kube } from "../kube/client.ts";
import { isInternal, type Site } from "./site.ts";

/** undefined where the kind cluster does not exist. */
export async function reach(site: Site): Promise<Kube | undefined> {
	const { target, access, settings } = site;
	if (target === "kind") {
		const name = settings.kindCluster;
		if (!(await clusterExists(name))) return undefined;
		const { kubeconfig = "" } = access;
		// Another clone, or the devcontainer, may have brought it up.
		if (!existsSync(kubeconfig))
			await exportKubeconfig({
				name,
				kubeconfig,
				internal: isInternal(settings),
			});
	}
	return connect(access);
}

/** Throws CliError where there is no cluster. */
export async function mustReach(site: Site): Promise<Kube> {
	const kube = await reach(site);
	if (kube) return kube;
	throw new CliError(
		CLI_EXIT.failure,
		`There is no kind cluster "${site.settings.kindCluster}". Start it: \`fireworks up --target kind\``,
	);
}
