/** Creates the kind cluster from kind/cluster.yaml. */
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CliError } from "../../exit-codes.ts";
import { ROOT } from "../../project.ts";
import { containerEnvironment } from "../../proxy.ts";
import { type ToolRun, toolFailed, tryTool } from "../../run-tool.ts";
import type { KindCluster } from "./cluster.ts";

const CONFIG = join(ROOT, "kind/cluster.yaml");
const CREATE_TIMEOUT_MS = 600_000;

/** kind/cluster.yaml with the ports and the number of nodes of this cluster. */
export function kindConfig({
	nodes,
	dashboardPort,
	middlewarePort,
}: Pick<KindCluster, "nodes" | "dashboardPort" | "middlewarePort">): string {
	const ports = new Map([
		["3000", dashboardPort],
		["8080", middlewarePort],
	]);
	const config = readFileSync(CONFIG, "utf8").replaceAll(
		/(?<=hostPort: )\d+/g,
		(port) => String(ports.get(port) ?? port),
	);
	return config + "  - role: worker\n".repeat(nodes - 1);
}

export async function createCluster(
	cluster: KindCluster,
	signal: AbortSignal,
	say: (progress: string) => void,
): Promise<void> {
	const { name, nodeImage, kubeconfig } = cluster;
	mkdirSync(dirname(kubeconfig), { recursive: true });
	const args = ["create", "cluster", "--name", name, "--config", "-"];
	const run: ToolRun = {
		timeoutMs: CREATE_TIMEOUT_MS,
		signal,
		// kind passes the proxies on to the nodes, and adds the cluster's own ranges to NO_PROXY
		// there.
		env: { ...containerEnvironment(), KUBECONFIG: kubeconfig },
		input: kindConfig(cluster),
		onLine: (line) => {
			const step = line.replace(/^[ •✓✗]+/u, "").trim();
			if (
				/^(Ensuring|Preparing|Writing|Starting|Installing|Joining)/.test(step)
			)
				say(step.replace(/ [^\x20-\x7e].*$/u, ""));
		},
	};
	const result = await tryTool(
		"kind",
		[
			...args,
			"--kubeconfig",
			kubeconfig,
			...(nodeImage ? ["--image", nodeImage] : []),
		],
		run,
	);
	if (result.code === 0) return;
	throw withFix(toolFailed("kind create cluster", result, run));
}

/**
 * The usual reasons for which kind fails, with what to do. kind itself only prints a stack of
 * commands.
 */
const FIXES: readonly (readonly [RegExp, string])[] = [
	[
		/port is already allocated|address already in use/i,
		"Another program has the port of the page or of the websocket: stop it, or set FIREWORKS_DASHBOARD_PORT or FIREWORKS_MIDDLEWARE_PORT",
	],
	[
		/failed to pull image/i,
		"Docker cannot pull kind's node image: check the network, or name one that is there by FIREWORKS_KIND_NODE_IMAGE",
	],
	[
		/too many open files/i,
		"Raise the inotify limits: `sudo sysctl fs.inotify.max_user_instances=512 fs.inotify.max_user_watches=524288`",
	],
	[
		/permission denied.*docker/i,
		"Add yourself to the group docker (`sudo usermod -aG docker $USER`) and log in again",
	],
	[
		/could not find a log line|kubeadm init/i,
		"The node did not start: `fireworks doctor` looks at memory, disk and the inotify limits",
	],
];

function withFix(error: CliError): CliError {
	const found = FIXES.find(([pattern]) => pattern.test(error.message));
	return found
		? new CliError(error.exitCode, `${error.message}\n  -> ${found[1]}.`)
		: error;
}
