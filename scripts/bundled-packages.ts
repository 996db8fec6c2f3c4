/** The npm packages whose code is in a bundle, by esbuild's own account of what went into it: for the image's SBOM. */
import { readFileSync } from "node:fs";
import type { Metafile } from "esbuild";

export interface PackageEntry {
	name: string;
	version: string;
	/** As its package.json says; "" where it says nothing. */
	license: string;
}

/** inputs' paths are relative to the current folder. */
export function bundledPackages(metafile: Metafile): PackageEntry[] {
	const bundled = Object.values(metafile.outputs)
		.flatMap((output) => Object.entries(output.inputs))
		.filter(([, input]) => input.bytesInOutput > 0)
		.map(([path]) => path);
	const folders = new Set(bundled.flatMap((path) => packageFolder(path) ?? []));
	return [...folders].map(packageEntry).sort(byName);
}

/** The folder of the package that a file belongs to; undefined for our own. */
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
