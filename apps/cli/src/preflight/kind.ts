/** What `up --target kind` and its `doctor` look at on this machine. */
import { tryTool } from "../run-tool.ts";
import { isInternal, type Site } from "../targets/site.ts";
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
	// In a container Docker's own ports and disk are out of sight; Docker says where they do not do.
	const outside = isInternal(settings)
		? []
		: [
				// Where the cluster is there, its ports are taken by it.
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

/** Where Docker runs on this machine, and not in a virtual one. */
const dockerDisk = (root: string | undefined): Finding[] =>
	root === undefined || process.platform !== "linux"
		? []
		: [checkDisk("Docker images", root)];

/** Whether kind's first node exists, without asking kind. */
async function nodeIsThere(cluster: string): Promise<boolean> {
	const node = `${cluster}-control-plane`;
	const args = ["container", "inspect", "--format", "{{.State.Running}}", node];
	const { code, stdout } = await tryTool("docker", args, {
		timeoutMs: LIST_TIMEOUT_MS,
	}).catch(() => ({ code: 1, stdout: "" }));
	return code === 0 && stdout.trim() === "true";
}
