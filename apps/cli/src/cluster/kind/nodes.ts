/** The nodes of a kind cluster: starts them, waits for them, and marks them as made by `up`. */
import { setTimeout as sleep } from "node:timers/promises";
import { CLI_EXIT, CliError } from "../../exit-codes.ts";
import { runTool } from "../../run-tool.ts";
import { connect, type Kube } from "../kube/client.ts";
import { apiReason } from "../kube/errors.ts";
import { contextOf, type KindCluster } from "./cluster.ts";

const DOCKER = { timeoutMs: 60_000 };
const API_TIMEOUT_MS = 120_000;
const POLL_MS = 300;
/** The mark on the nodes that `up` created. */
const MADE_BY = "fireworks/made-by";
const US = "fireworks-up";

/** Starts nodes that were stopped (by a restart of Docker). Returns the nodes it started. */
export async function startNodes(name: string): Promise<string[]> {
	const label = `label=io.x-k8s.kind.cluster=${name}`;
	const out = await runTool(
		"docker",
		["ps", "--all", "--filter", label, "--format", "{{.Names}} {{.State}}"],
		DOCKER,
	);
	const stopped = out
		.split("\n")
		.map((line) => line.split(" "))
		.filter(([node, state]) => node && state !== "running")
		.map(([node = ""]) => node);
	if (stopped.length > 0)
		await runTool("docker", ["start", ...stopped], DOCKER);
	return stopped;
}

/**
 * Waits until the cluster's API answers (from then on images can be loaded) or, if asked, until all
 * nodes are ready as well.
 */
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
					return `${node.metadata?.name}: ${ready?.message ?? "its kubelet has not reported yet"}`;
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
				`The kind cluster "${cluster.name}" is not ready after ${API_TIMEOUT_MS / 1_000} s: ${why}\n  -> \`fireworks doctor\` looks for reasons; \`fireworks down\` and \`fireworks up\` make a new one.`,
			);
		await sleep(POLL_MS, undefined, { signal }).catch(() => {});
	}
}

/** Marks the nodes as made by `up`. */
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

/** Whether the nodes have the mark. Throws if the API does not answer. */
export async function isMarked({ core }: Kube): Promise<boolean> {
	const { items } = await core.listNode();
	return items.some((node) => node.metadata?.annotations?.[MADE_BY] === US);
}
