/** Builds images of docker-bake.hcl for tests. */
import { fileURLToPath } from "node:url";
import { must } from "./command.ts";

export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const TIMEOUT_MS = 550_000;

/** Builds these targets of a clone, each as `fireworks/<name>:<tag>`. */
export async function bake(
	tag: string,
	names: readonly string[],
	{ clone = ROOT, options = [] as readonly string[], env = {} } = {},
): Promise<void> {
	const sets = names.map(
		(name) => `--set=${name}.tags=fireworks/${name}:${tag}`,
	);
	await must(
		"docker",
		["buildx", "bake", "--load", ...sets, ...options, ...names],
		{
			cwd: clone,
			env: { ...process.env, BUILDX_NO_DEFAULT_ATTESTATIONS: "1", ...env },
			timeoutMs: TIMEOUT_MS,
		},
	);
}

export const idOf = async (ref: string): Promise<string> =>
	(await must("docker", ["image", "inspect", "--format={{.Id}}", ref])).trim();

/** The targets that docker-bake.hcl has, of these targets and groups. */
export async function targetsOf(...names: string[]): Promise<string[]> {
	const out = await must("docker", ["buildx", "bake", "--print", ...names], {
		cwd: ROOT,
	});
	return Object.keys(JSON.parse(out).target);
}
