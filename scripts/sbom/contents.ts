/** What an image is made of, read from the image itself: nothing of this machine's node_modules. */
import {
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ImageError, run } from "../../apps/cli/src/images/docker.ts";
import type { PackageEntry } from "../bundled-packages.ts";

export interface DebianPackage {
	name: string;
	version: string;
	architecture: string;
}

export interface Contents {
	image: { id: string; version: string };
	debian: DebianPackage[];
	npm: PackageEntry[];
	/** process.versions; undefined where there is no node in it. */
	node: Record<string, string> | undefined;
	/** Undefined where Python does not run it. */
	python: { version: string; packages: PackageEntry[] } | undefined;
	/** Spark's and ours, by their files' names: what else a jar says of itself is not the same in all of them. */
	jars: { name: string; version: string }[];
}

/** Throws ImageError where there is no such image. */
export async function contentsOf(ref: string): Promise<Contents> {
	const [details] = JSON.parse(await run("docker", ["image", "inspect", ref]));
	const {
		Labels: labels,
		WorkingDir: folder,
		Entrypoint,
		Env,
	} = details.Config;
	const files = mkdtempSync(join(tmpdir(), "fireworks-sbom-"));
	const container = (await run("docker", ["create", ref])).trim();
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
		await run("docker", ["rm", "--volumes", container]);
		rmSync(files, { recursive: true, force: true });
	}
}

/** The place on this machine; undefined where the image has no such file. */
async function copied(container: string, path: string, to: string) {
	try {
		await run("docker", ["cp", `${container}:${path}`, to]);
		return to;
	} catch (error) {
		if (!(error instanceof ImageError)) throw error;
		return undefined;
	}
}

/** Of dpkg's own status file, or of one file a package, as in images without dpkg. */
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

/** What a program in the image prints. */
const printed = (
	ref: string,
	program: string,
	...args: string[]
): Promise<string> =>
	run("docker", [
		"run",
		"--rm",
		"--network=none",
		"--read-only",
		`--entrypoint=${program}`,
		ref,
		...args,
	]);

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
