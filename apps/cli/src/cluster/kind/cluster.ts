/**
 * The kind cluster: created if it is absent (create.ts), used if it exists, and removed only if
 * `up` created it.
 *
 * kind writes its kubeconfig to our own file; ~/.kube/config is never touched. A mark on the nodes
 * (nodes.ts) records that `up` created the cluster, so `down` knows it even without the state
 * folder. owner.ts records which clone it belongs to. A cluster whose creation by this clone was
 * interrupted (the state says so) has no mark: it is removed and created again.
 */
import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { proxyIsSet, reachDirectly, toolEnvironment } from "../../proxy.ts";
import { runTool, tryTool } from "../../run-tool.ts";

const LIST_TIMEOUT_MS = 60_000;
const DELETE_TIMEOUT_MS = 120_000;

export interface KindCluster {
	name: string;
	nodes: number;
	/** "": kind's default. */
	nodeImage: string;
	dashboardPort: number;
	middlewarePort: number;
	/** The path of its kubeconfig. */
	kubeconfig: string;
	/** We run in a container on the `kind` network and use the nodes' own addresses. */
	internal: boolean;
}

export const contextOf = (cluster: string): string => `kind-${cluster}`;

/** kind must not read or write the user's own kubeconfig. */
const environment = (kubeconfig: string): NodeJS.ProcessEnv => ({
	...toolEnvironment(),
	KUBECONFIG: kubeconfig,
});

/** kind's default address ranges, for IPv4 and IPv6. */
const RANGES = [
	"10.96.0.0/16",
	"10.244.0.0/16",
	"fd00:10:96::/112",
	"fd00:10:244::/56",
];
/**
 * If a proxy is set, lets tools connect directly to the nodes (by name and address) and to what is
 * behind them.
 */
export async function bypassProxy(name: string): Promise<void> {
	if (!proxyIsSet()) return;
	reachDirectly([`${name}-control-plane`, ...RANGES]);
	const run = { timeoutMs: LIST_TIMEOUT_MS };
	const label = `label=io.x-k8s.kind.cluster=${name}`;
	const list = ["ps", "--all", "--filter", label, "--format", "{{.Names}}"];
	const there = (await runTool("docker", list, run))
		.split("\n")
		.filter(Boolean);
	if (there.length === 0) return;
	const format =
		"{{range .NetworkSettings.Networks}}{{.IPAddress}} {{.GlobalIPv6Address}} {{end}}";
	const inspect = ["inspect", "--format", format, ...there];
	const addresses = await runTool("docker", inspect, run);
	reachDirectly([...there, ...addresses.split(/\s+/)]);
}

export async function clusterExists(name: string): Promise<boolean> {
	const run = { timeoutMs: LIST_TIMEOUT_MS };
	const out = await runTool("kind", ["get", "clusters"], run);
	return out.split("\n").includes(name);
}

/** Writes its kubeconfig, readable only by its owner. */
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

export async function deleteCluster(
	name: string,
	kubeconfig: string,
): Promise<void> {
	const args = ["delete", "cluster", "--name", name];
	await runTool(
		"kind",
		// kind removes its context from that file. The file itself is deleted as well.
		[...args, ...(existsSync(kubeconfig) ? ["--kubeconfig", kubeconfig] : [])],
		{ timeoutMs: DELETE_TIMEOUT_MS, env: environment(kubeconfig) },
	);
}

/**
 * Removes kind's Docker network, which kind leaves behind with the last cluster. It stays if any
 * container, running or not, is still on it.
 */
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
	// Another `kind create` may have joined the network just now. Then it stays.
	await tryTool("docker", ["network", "rm", network], run);
}
