/**
 * Loads images into the nodes of a kind cluster, except those that a node already has. The name of
 * an image built here contains its ID (build.ts), so an equal name means an equal image.
 *
 * `kind load` imports every platform that an image's index names. With the containerd image store,
 * Docker saves the whole index of a pulled image but only the contents of this machine's platform,
 * and `kind load` fails with "content digest … not found". So the archive is passed to the node's
 * own containerd, which imports only its own platform. That works with both of Docker's image
 * stores.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CLI_EXIT, CliError } from "../../exit-codes.ts";
import { runTool, tryTool } from "../../run-tool.ts";

const LIST = { timeoutMs: 60_000 };
/** For copying a few gigabytes on a busy machine. */
const COPY = { timeoutMs: 900_000 };

export interface LoadOptions {
	/** kind's name of the cluster. */
	cluster: string;
	refs: readonly string[];
	say: (progress: string) => void;
}

/**
 * Returns the images that at least one node lacked. Pulls those that Docker lacks (apache/kafka).
 * Throws CliError.
 */
export async function loadIntoKind(options: LoadOptions): Promise<string[]> {
	const { cluster, refs, say } = options;
	const missing = new Map<string, string[]>();
	for (const node of await nodesOf(cluster)) {
		const lacks = await missingOn(node, refs);
		if (lacks.length > 0) missing.set(node, lacks);
	}
	const loaded = refs.filter((ref) =>
		missing.values().some((lacks) => lacks.includes(ref)),
	);
	if (loaded.length === 0) return [];
	for (const ref of loaded) await pullIfAbsent(ref, say);
	say(`${loaded.length} into ${missing.size} of the nodes`);
	await saveAndImport([...missing.keys()], loaded);
	return loaded;
}

async function pullIfAbsent(ref: string, say: LoadOptions["say"]) {
	const there = await tryTool("docker", ["image", "inspect", ref], LIST);
	if (there.code === 0) return;
	say(`pulling ${ref}`);
	await runTool("docker", ["pull", "--quiet", ref], COPY);
}

async function saveAndImport(
	nodes: readonly string[],
	refs: readonly string[],
): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), "fireworks-images-"));
	try {
		const archive = join(folder, "images.tar");
		const save = ["save", `--output=${archive}`, ...refs];
		await runTool("docker", save, COPY);
		for (const node of nodes) await importArchive(node, archive, refs);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Imports the node's own platform from an archive of `docker save`. Throws CliError. */
export async function importArchive(
	node: string,
	archive: string,
	refs: readonly string[],
): Promise<void> {
	const snapshotter = await snapshotterOf(node);
	await runTool(
		"docker",
		[
			"exec",
			"--interactive",
			node,
			"ctr",
			"--namespace=k8s.io",
			"images",
			"import",
			"--digests",
			`--snapshotter=${snapshotter}`,
			"-",
		],
		{ ...COPY, inputFile: archive },
	);
	const lacks = await missingOn(node, refs);
	if (lacks.length > 0)
		throw new CliError(
			CLI_EXIT.failure,
			`${lacks.join(", ")} could not be loaded into the node ${node}: the archive has no image for its platform`,
		);
}

/** The node's snapshotter. The kubelet only sees images that its runtime's snapshotter unpacked. */
async function snapshotterOf(node: string): Promise<string> {
	const dump = ["exec", node, "containerd", "config", "dump"];
	const config = await runTool("docker", dump, LIST);
	// The section of the runtime itself comes first. Nested sections of single runtimes are usually
	// empty.
	const named = [...config.matchAll(/^\s*snapshotter = ["'](\S+)["']/gm)];
	return named[0]?.[1] ?? "overlayfs";
}

async function nodesOf(cluster: string): Promise<string[]> {
	const out = await runTool(
		"kind",
		["get", "nodes", `--name=${cluster}`],
		LIST,
	);
	// Without nodes, kind prints "No kind nodes found" on stderr, with exit code 0.
	const nodes = out.split("\n").filter((line) => line.trim() !== "");
	if (nodes.length === 0)
		throw new CliError(CLI_EXIT.failure, `There is no kind cluster ${cluster}`);
	return nodes;
}

/**
 * The images that a node lacks. Asks containerd's own tool: crictl is missing in some node images.
 */
async function missingOn(
	node: string,
	refs: readonly string[],
): Promise<string[]> {
	const ctr = ["ctr", "--namespace=k8s.io", "images", "list", "--quiet"];
	const out = await runTool("docker", ["exec", node, ...ctr], LIST);
	const there = out.split("\n");
	return refs.filter((ref) => !there.includes(fullName(ref)));
}

/**
 * The name that containerd uses: fireworks/cli:x -> docker.io/fireworks/cli:x, busybox:x ->
 * docker.io/library/busybox:x
 */
export function fullName(ref: string): string {
	const [first = "", ...rest] = ref.split("/");
	if (rest.length === 0) return `docker.io/library/${ref}`;
	return /[.:]|^localhost$/.test(first) ? ref : `docker.io/${ref}`;
}
