/**
 * The kind cluster: made if it is absent, adopted if it is there, and removed only where `up` made it.
 *
 * kind writes its kubeconfig to a file of our own; ~/.kube/config is never touched. Who made the cluster is written on its first node: it is
 * known wherever `down` runs, with or without the state folder. A cluster without that mark whose making was ours (the state says so) and was
 * interrupted is made anew.
 */
import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CLI_EXIT, CliError } from "../exit-codes.ts";
import { kindConfig } from "../images/index.ts";
import { connect, type Kube } from "../kube/client.ts";
import { apiReason } from "../kube/errors.ts";
import { runTool, type ToolRun, toolFailed, tryTool } from "../run-tool.ts";

const LIST_TIMEOUT_MS = 60_000;
const CREATE_TIMEOUT_MS = 600_000;
const DELETE_TIMEOUT_MS = 120_000;
const API_TIMEOUT_MS = 120_000;
const POLL_MS = 300;
/** On the nodes that `up` made. */
const MADE_BY = "fireworks/made-by";
const US = "fireworks-up";

export interface KindCluster {
	name: string;
	nodes: number;
	/** "": kind's own. */
	nodeImage: string;
	dashboardPort: number;
	middlewarePort: number;
	/** Its kubeconfig. */
	kubeconfig: string;
	/** In a container on the `kind` network: by the nodes' own addresses. */
	internal: boolean;
}

export const contextOf = (cluster: string): string => `kind-${cluster}`;

/** kind must not read or write the person's own kubeconfig. */
const environment = (kubeconfig: string): NodeJS.ProcessEnv => ({
	...process.env,
	KUBECONFIG: kubeconfig,
});

export async function clusterExists(name: string): Promise<boolean> {
	const run = { timeoutMs: LIST_TIMEOUT_MS };
	const out = await runTool("kind", ["get", "clusters"], run);
	return out.split("\n").includes(name);
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
		env: environment(kubeconfig),
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

/** kind's own words are a stack of commands: the usual reasons, with what to do. */
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

/** Starts nodes that were stopped (a restart of Docker). Returns those it started. */
export async function startNodes(name: string): Promise<string[]> {
	const run = { timeoutMs: LIST_TIMEOUT_MS };
	const label = `label=io.x-k8s.kind.cluster=${name}`;
	const out = await runTool(
		"docker",
		["ps", "--all", "--filter", label, "--format", "{{.Names}} {{.State}}"],
		run,
	);
	const stopped = out
		.split("\n")
		.map((line) => line.split(" "))
		.filter(([node, state]) => node && state !== "running")
		.map(([node = ""]) => node);
	if (stopped.length > 0) await runTool("docker", ["start", ...stopped], run);
	return stopped;
}

/** Writes its kubeconfig, for its owner only. */
export async function exportKubeconfig({
	name,
	kubeconfig,
	internal,
}: Pick<KindCluster, "name" | "kubeconfig" | "internal">): Promise<void> {
	mkdirSync(dirname(kubeconfig), { recursive: true });
	await runTool(
		"kind",
		[
			"export",
			"kubeconfig",
			"--name",
			name,
			"--kubeconfig",
			kubeconfig,
			...(internal ? ["--internal"] : []),
		],
		{ timeoutMs: LIST_TIMEOUT_MS, env: environment(kubeconfig) },
	);
	chmodSync(kubeconfig, 0o600);
}

/** Waits until its API answers (images can be loaded from then on) or, where asked, until all nodes are ready as well. */
export async function waitForNodes(
	cluster: KindCluster,
	until: "answers" | "ready",
	signal: AbortSignal,
	say: (progress: string) => void,
): Promise<Kube> {
	const kube = await connect({
		kubeconfig: cluster.kubeconfig,
		context: contextOf(cluster.name),
	});
	const deadline = performance.now() + API_TIMEOUT_MS;
	for (let why = ""; ; ) {
		try {
			const { items } = await kube.core.listNode();
			if (until === "answers" && items.length > 0) return kube;
			const waiting = items.filter(
				(node) =>
					!node.status?.conditions?.some(
						(c) => c.type === "Ready" && c.status === "True",
					),
			);
			if (items.length > 0 && waiting.length === 0) return kube;
			why = waiting
				.map((node) => {
					const ready = node.status?.conditions?.find(
						(c) => c.type === "Ready",
					);
					return `${node.metadata?.name}: ${ready?.message ?? "no word from it"}`;
				})
				.join("; ");
		} catch (error) {
			why = `its API does not answer: ${apiReason(error)}`;
		}
		say(why);
		if (signal.aborted)
			throw new CliError(CLI_EXIT.interrupted, "Interrupted.");
		if (performance.now() > deadline)
			throw new CliError(
				CLI_EXIT.failure,
				`The kind cluster "${cluster.name}" is not ready after ${API_TIMEOUT_MS / 1_000} s: ${why}\n  -> \`fireworks doctor\` looks for reasons; \`fireworks down\` and \`fireworks up\` make it anew.`,
			);
		await sleep(POLL_MS, undefined, { signal }).catch(() => {});
	}
}

/** Writes on its nodes who made it. */
export async function markAsOurs({ core, library }: Kube): Promise<void> {
	const { items } = await core.listNode();
	for (const node of items)
		await core.patchNode(
			{
				name: node.metadata?.name ?? "",
				body: { metadata: { annotations: { [MADE_BY]: US } } },
			},
			library.setHeaderOptions(
				"Content-Type",
				library.PatchStrategy.MergePatch,
			),
		);
}

/** Throws where its API does not answer. */
export async function isMarked({ core }: Kube): Promise<boolean> {
	const { items } = await core.listNode();
	return items.some((node) => node.metadata?.annotations?.[MADE_BY] === US);
}

export async function deleteCluster(
	name: string,
	kubeconfig: string,
): Promise<void> {
	const args = ["delete", "cluster", "--name", name];
	await runTool(
		"kind",
		// kind takes its context out of that file; the file itself goes as well.
		[...args, ...(existsSync(kubeconfig) ? ["--kubeconfig", kubeconfig] : [])],
		{ timeoutMs: DELETE_TIMEOUT_MS, env: environment(kubeconfig) },
	);
}

/** kind leaves its Docker network behind: the last cluster's end takes it along, unless some container, running or not, is still on it. */
export async function removeUnusedNetwork(): Promise<void> {
	const network = process.env.KIND_EXPERIMENTAL_DOCKER_NETWORK || "kind";
	const run = { timeoutMs: LIST_TIMEOUT_MS };
	const clusters = await runTool("kind", ["get", "clusters", "--quiet"], run);
	const users = await runTool(
		"docker",
		["ps", "--all", "--quiet", "--filter", `network=${network}`],
		run,
	);
	if (clusters.trim() !== "" || users.trim() !== "") return;
	// Another `kind create` may just have taken it: then it stays.
	await tryTool("docker", ["network", "rm", network], run);
}
