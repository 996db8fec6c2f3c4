/**
 * Builds the images of docker-bake.hcl, and names each by its ID: `fireworks/metronome:dev-` and
 * the ID's first 12 digits. So a node that has the name has the image, and only the parts whose
 * image changed are replaced.
 *
 * Docker's build cache decides what has to be built again. It also notices a base image that has
 * moved.
 */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import type { Environment } from "@fireworks/contracts";
import { CliError } from "../../exit-codes.ts";
import { type OptionalPartName, PART_NAMES } from "../../local/part-names.ts";
import { ROOT } from "../../project.ts";
import { containerEnvironment, proxyBuildArgs } from "../../proxy.ts";
import { runTool, toolFailed, tryTool } from "../../run-tool.ts";

const BUILD_TIMEOUT_MS = 1_800_000;
const DOCKER = { timeoutMs: 60_000 };
const PROGRESS_CHARACTERS_MAX = 60;

/**
 * The images of an engine, by their targets in docker-bake.hcl. `cli` runs the jobs. `pipelines`
 * and the optional parts are built only if they run.
 */
export const imageNames = (
	engine: string,
	pipelines: readonly string[] = [],
	optional: readonly OptionalPartName[] = [],
): string[] => [
	...[...PART_NAMES.filter((part) => part !== "kafka"), ...optional, "cli"].map(
		(name) =>
			name === "processor" && engine !== "typescript"
				? `engine-${engine}`
				: name,
	),
	...(pipelines.length > 0 ? ["pipelines"] : []),
];

export interface BuildOptions {
	names: readonly string[];
	/** Holds the settings of docker-bake.hcl. */
	env: Environment;
	/** Gets the whole output of a build that fails. */
	logFile: string;
	signal?: AbortSignal;
	say: (progress: string) => void;
}

export interface BuiltImages {
	/** The full name of each image. */
	refs: Map<string, string>;
	/** How many of them did not exist before. */
	added: number;
}

/** Throws CliError with the end of Docker's output. */
export async function buildImages(options: BuildOptions): Promise<BuiltImages> {
	const { names } = options;
	await bake(options);
	const format = "{{.Id}}";
	const inspect = [
		"image",
		"inspect",
		"--format",
		format,
		...names.map(ofClone),
	];
	const ids = (await runTool("docker", inspect, DOCKER)).trim().split("\n");
	const before = await developmentImages();
	const refs = new Map<string, string>();
	for (const [i, name] of names.entries()) {
		const id = ids[i]?.replace(/^sha256:/, "").slice(0, 12);
		const ref = `fireworks/${name}:dev-${id}`;
		await runTool("docker", ["tag", ofClone(name), ref], DOCKER);
		refs.set(name, ref);
	}
	const added = refs.values().filter((ref) => !before.includes(ref));
	return { refs, added: [...added].length };
}

/**
 * The name of the newest image that this clone has built. Other clones may build at the same time,
 * so they must not use the same name.
 */
const ofClone = (name: string): string =>
	`fireworks/${name}:dev-clone-${createHash("sha256").update(ROOT).digest("hex").slice(0, 8)}`;

/** The names of all images that `up` has built on this machine. */
export async function developmentImages(): Promise<string[]> {
	const format = "{{.Repository}}:{{.Tag}}";
	const filter = "reference=fireworks/*:dev-*";
	const list = ["image", "ls", "--format", format, "--filter", filter];
	return (await runTool("docker", list, DOCKER)).split("\n").filter(Boolean);
}

async function bake({ names, env, logFile, signal, say }: BuildOptions) {
	const environment = containerEnvironment(env);
	const run = {
		cwd: ROOT,
		env: {
			...environment,
			// The names are set below.
			FIREWORKS_IMAGE_REGISTRY: "",
			FIREWORKS_IMAGE_TAG: "",
			// Attestations contain the time, so each build would be another image.
			BUILDX_NO_DEFAULT_ATTESTATIONS: "1",
		},
		timeoutMs: BUILD_TIMEOUT_MS,
		...(signal ? { signal } : {}),
		onLine: (line: string) => {
			const step = /^#\d+ (\[\S+ .*\].*)/.exec(line)?.[1];
			if (step && !step.startsWith("[internal]"))
				say(step.slice(0, PROGRESS_CHARACTERS_MAX));
		},
	};
	const result = await tryTool(
		"docker",
		[
			"buildx",
			"bake",
			"--file=docker-bake.hcl",
			"--progress=plain",
			"--load",
			...names.map((name) => `--set=${name}.tags=${ofClone(name)}`),
			...proxyBuildArgs(environment),
			...names,
		],
		run,
	);
	if (result.code === 0) return;
	writeFileSync(logFile, result.stdout + result.stderr);
	const { exitCode, message } = toolFailed("docker buildx bake", result, run);
	throw new CliError(exitCode, `${message}\n  All of its output: ${logFile}`);
}
