/**
 * The npm packages whose code is in a bundle, for the image's SBOM. Taken from esbuild's own report
 * of the bundle.
 */
import { readFileSync } from "node:fs";
import type { Metafile } from "esbuild";

export interface PackageEntry {
	name: string;
	version: string;
	/** The license as in its package.json, or "" if there is none. */
	license: string;
}

/** The inputs' paths must be relative to the current folder. */
export function bundledPackages(metafile: Metafile): PackageEntry[] {
	const bundled = Object.values(metafile.outputs)
		.flatMap((output) => Object.entries(output.inputs))
		.filter(([, input]) => input.bytesInOutput > 0)
		.map(([path]) => path);
	const folders = new Set(bundled.flatMap((path) => packageFolder(path) ?? []));
	return [...folders].map(packageEntry).sort(byName);
}

/** The folder of the package that a file belongs to; undefined for our own code. */
const packageFolder = (path: string): string | undefined =>
	/^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];

export function packageEntry(folder: string): PackageEntry {
	const { name, version, license } = JSON.parse(
		readFileSync(`${folder}/package.json`, "utf8"),
	);
	return { name, version, license: typeof license === "string" ? license : "" };
}

export const byName = (a: PackageEntry, b: PackageEntry): number =>
	`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1;
