/** The checks of this machine for `up --target kind` and its `doctor`. */

import { isInternal, type Site } from "../cluster/site.ts";
import { tryTool } from "../run-tool.ts";
import { checkDisk } from "./disk.ts";
import { checkDocker } from "./docker.ts";
import type { Finding } from "./finding.ts";
import { checkInotify } from "./inotify.ts";
import { checkPorts } from "./ports.ts";
import { checkNode } from "./programs.ts";
import { checkTool, HELM, KIND } from "./tools.ts";

const LIST_TIMEOUT_MS = 20_000;

export async function preflightKind(site: Site): Promise<Finding[]> {
	const { settings, folder } = site;
	const [docker, kind, helm, there] = await Promise.all([
		checkDocker(),
		checkTool(KIND),
		checkTool(HELM),
		nodeIsThere(settings.kindCluster),
	]);
	// In a container we cannot see Docker's own ports and disk. Docker itself reports it if they do
	// not suffice.
	const outside = isInternal(settings)
		? []
		: [
				// If the cluster exists, it is the one that uses its ports.
				...(there
					? []
					: await checkPorts(settings, new Set(), ["dashboard", "middleware"])),
				...dockerDisk(docker.info?.DockerRootDir),
			];
	return [
		checkNode(),
		...docker.findings,
		kind,
		helm,
		checkDisk("state folder", folder.root),
		...outside,
		...checkInotify(settings.kindNodes),
	];
}

/** Only checked if Docker runs on this machine, and not in a virtual machine. */
const dockerDisk = (root: string | undefined): Finding[] =>
	root === undefined || process.platform !== "linux"
		? []
		: [checkDisk("Docker images", root)];

/**
 * Whether Docker holds the ports of a container in this state. It does so from the moment that it
 * starts the container: an interrupted `up` can leave a node that is only created.
 */
export const holdsPorts = (status: string): boolean =>
	["running", "created", "restarting"].includes(status);

/** Whether kind's first node exists and holds its ports. Does not need kind. */
async function nodeIsThere(cluster: string): Promise<boolean> {
	const node = `${cluster}-control-plane`;
	const args = ["container", "inspect", "--format", "{{.State.Status}}", node];
	const { code, stdout } = await tryTool("docker", args, {
		timeoutMs: LIST_TIMEOUT_MS,
	}).catch(() => ({ code: 1, stdout: "" }));
	return code === 0 && holdsPorts(stdout.trim());
}
