/**
 * Loads images into the nodes of a kind cluster, leaving out those that a node has already.
 *
 * By an archive: `kind load docker-image` fails where Docker has the containerd image store (kind#3795).
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasImage, ImageError, run } from "./docker.ts";

export interface LoadOptions {
	/** kind's name of the cluster. */
	cluster: string;
	refs: readonly string[];
	/** Also those whose name a node has: for names that do not stand for a content, such as "0.2.0". */
	always?: boolean;
	onProgress?: (text: string) => void;
}

export interface LoadResult {
	/** Those that some node lacked. */
	loaded: string[];
	ms: number;
}

/** An image that Docker lacks is pulled first (apache/kafka). Throws ImageError. */
export async function loadIntoKind(options: LoadOptions): Promise<LoadResult> {
	const { cluster, refs, onProgress = () => {} } = options;
	const started = performance.now();
	const missing = new Map<string, string[]>();
	for (const node of await nodesOf(cluster)) {
		const there = options.always ? new Set() : await imagesOn(node);
		const lacks = refs.filter((ref) => !there.has(fullName(ref)));
		if (lacks.length > 0) missing.set(node, lacks);
	}
	const loaded = refs.filter((ref) =>
		missing.values().some((lacks) => lacks.includes(ref)),
	);
	if (loaded.length > 0) {
		for (const ref of loaded)
			if (!(await hasImage(ref))) {
				onProgress(`pulling ${ref}`);
				await run("docker", ["pull", "--quiet", ref]);
			}
		onProgress(`${loaded.length} into ${missing.size} of the nodes`);
		await loadArchive(cluster, [...missing.keys()], loaded);
	}
	return { loaded, ms: performance.now() - started };
}

async function loadArchive(
	cluster: string,
	nodes: readonly string[],
	refs: readonly string[],
): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), "fireworks-images-"));
	try {
		const archive = join(folder, "images.tar");
		await run("docker", ["save", `--output=${archive}`, ...refs]);
		await run("kind", [
			"load",
			"image-archive",
			archive,
			`--name=${cluster}`,
			`--nodes=${nodes.join(",")}`,
		]);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

async function nodesOf(cluster: string): Promise<string[]> {
	const out = await run("kind", ["get", "nodes", `--name=${cluster}`]);
	// It says "No kind nodes found" on stderr, with exit code 0.
	const nodes = out.split("\n").filter((line) => line.trim() !== "");
	if (nodes.length === 0)
		throw new ImageError(`There is no kind cluster ${cluster}`);
	return nodes;
}

/** By containerd's own tool: crictl is not in every node image. */
async function imagesOn(node: string): Promise<Set<string>> {
	const out = await run("docker", [
		"exec",
		node,
		"ctr",
		"--namespace=k8s.io",
		"images",
		"list",
		"--quiet",
	]);
	return new Set(out.split("\n"));
}

/** As containerd has it: fireworks/cli:x -> docker.io/fireworks/cli:x, busybox:x -> docker.io/library/busybox:x */
export function fullName(ref: string): string {
	const [first = "", ...rest] = ref.split("/");
	if (rest.length === 0) return `docker.io/library/${ref}`;
	return /[.:]|^localhost$/.test(first) ? ref : `docker.io/${ref}`;
}
