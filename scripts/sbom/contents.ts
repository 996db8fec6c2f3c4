/**
 * The contents of an image, read from the image itself. Nothing comes from this machine's
 * node_modules.
 */
import { execFile } from "node:child_process";
import {
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { PackageEntry } from "../bundled-packages.ts";

interface DebianPackage {
	name: string;
	version: string;
	architecture: string;
}

export interface Contents {
	image: { id: string; version: string };
	debian: DebianPackage[];
	npm: PackageEntry[];
	/** process.versions; undefined if the image has no Node. */
	node: Record<string, string> | undefined;
	/** Undefined if the image does not run Python. */
	python: { version: string; packages: PackageEntry[] } | undefined;
	/**
	 * Spark's jars and ours, by their file names, because jars differ in the metadata that they
	 * contain.
	 */
	jars: { name: string; version: string }[];
}

const OUTPUT_BYTES_MAX = 64e6;

/** Runs Docker and returns its stdout. The error of a failed command contains its stderr. */
const docker = async (...args: string[]): Promise<string> =>
	(await promisify(execFile)("docker", args, { maxBuffer: OUTPUT_BYTES_MAX }))
		.stdout;

/** Throws if there is no such image. */
export async function contentsOf(ref: string): Promise<Contents> {
	const [details] = JSON.parse(await docker("image", "inspect", ref));
	const {
		Labels: labels,
		WorkingDir: folder,
		Entrypoint,
		Env,
	} = details.Config;
	const files = mkdtempSync(join(tmpdir(), "fireworks-sbom-"));
	const container = (await docker("create", ref)).trim();
	try {
		const dpkg = await copied(container, "/var/lib/dpkg", join(files, "dpkg"));
		const packages = await copied(
			container,
			`${folder}/packages.json`,
			join(files, "packages.json"),
		);
		return {
			image: {
				id: details.Id,
				version: labels?.["org.opencontainers.image.version"] ?? "",
			},
			debian: dpkg ? debianPackages(dpkg) : [],
			npm: packages ? JSON.parse(readFileSync(packages, "utf8")) : [],
			node: packages ? await nodeVersions(ref) : undefined,
			python:
				Entrypoint?.[0] === "python3" ? await pythonPackages(ref) : undefined,
			jars: await sparkJars(ref, Env ?? []),
		};
	} finally {
		await docker("rm", "--volumes", container);
		rmSync(files, { recursive: true, force: true });
	}
}

/** Copies it to this machine; returns that path, or undefined if the image has no such file. */
async function copied(container: string, path: string, to: string) {
	try {
		await docker("cp", `${container}:${path}`, to);
		return to;
	} catch (error) {
		// Docker ran, and ended with an exit code: the image has no such file.
		if (typeof (error as { code?: unknown }).code !== "number") throw error;
		return undefined;
	}
}

/** Reads dpkg's own status file, or one file per package, as in images without dpkg. */
function debianPackages(dpkg: string): DebianPackage[] {
	const single = join(dpkg, "status");
	const folder = join(dpkg, "status.d");
	const texts = [
		...(existsSync(single) ? [readFileSync(single, "utf8")] : []),
		...(existsSync(folder)
			? readdirSync(folder).map((f) => readFileSync(join(folder, f), "utf8"))
			: []),
	];
	return texts
		.flatMap((text) => text.split(/\n\n+/))
		.filter((entry) => /^Package:/m.test(entry))
		.map((entry) => ({
			name: field(entry, "Package"),
			version: field(entry, "Version"),
			architecture: field(entry, "Architecture"),
		}));
}

const field = (entry: string, name: string): string =>
	new RegExp(`^${name}: (.*)$`, "m").exec(entry)?.[1] ?? "";

/** The output of a program that runs in the image. */
const printed = (
	ref: string,
	program: string,
	...args: string[]
): Promise<string> =>
	docker(
		"run",
		"--rm",
		"--network=none",
		"--read-only",
		`--entrypoint=${program}`,
		ref,
		...args,
	);

const nodeVersions = async (ref: string): Promise<Record<string, string>> =>
	JSON.parse(
		await printed(ref, "node", "--print", "JSON.stringify(process.versions)"),
	);

const PYTHON_PACKAGES = `
import importlib.metadata, json, platform
packages = [
    {"name": d.name, "version": d.version, "license": d.metadata.get("License-Expression") or d.metadata.get("License") or ""}
    for d in importlib.metadata.distributions()
]
print(json.dumps({"version": platform.python_version(), "packages": packages}))`;

const pythonPackages = async (ref: string): Promise<Contents["python"]> =>
	JSON.parse(await printed(ref, "python3", "-c", PYTHON_PACKAGES));

async function sparkJars(
	ref: string,
	env: readonly string[],
): Promise<Contents["jars"]> {
	const home = env.find((entry) => entry.startsWith("SPARK_HOME="));
	if (home === undefined) return [];
	const list = await printed(ref, "ls", `${home.split("=")[1]}/jars`);
	return list
		.split("\n")
		.filter((file) => file.endsWith(".jar"))
		.map((file) => {
			const [, name = file, version = ""] =
				/^(.+?)-(\d+(?:\.\d.*)?)\.jar$/.exec(file) ?? [];
			return { name: name.replace(/\.jar$/, ""), version };
		});
}
