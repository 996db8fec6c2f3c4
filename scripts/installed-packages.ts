/**
 * The npm packages in the page's image, for its SBOM: `node scripts/installed-packages.ts
 * apps/dashboard OUT.json`, after the build.
 *
 * For the server: what Next traced into the standalone folder. For the browser's code: the
 * production dependencies with all of theirs, except those of Next, which the first group covers.
 * (The bundler does not report which files of a package it kept, so some of these may have left no
 * code.)
 */
import { globSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { byName, type PackageEntry, packageEntry } from "./bundled-packages.ts";

const [app = "", out = ""] = process.argv.slice(2);
const found = new Map<string, PackageEntry>();
const seen = new Set<string>();

const standalone = join(app, ".next/standalone");
for (const pattern of ["*", "@*/*"])
	for (const file of globSync(
		`${standalone}/node_modules/.pnpm/*/node_modules/${pattern}/package.json`,
	))
		add(dirname(file));
walk(app, ["next"]);

writeFileSync(out, JSON.stringify([...found.values()].sort(byName)));
console.log(`${found.size} packages`);

/**
 * Adds a package's dependencies, recursively. The workspace's own packages are traversed but not
 * listed.
 */
function walk(folder: string, except: readonly string[] = []): void {
	const real = realpathSync(folder);
	if (seen.has(real)) return;
	seen.add(real);
	const { dependencies = {} } = JSON.parse(
		readFileSync(join(real, "package.json"), "utf8"),
	);
	for (const name of Object.keys(dependencies)) {
		if (except.includes(name)) continue;
		const target = resolve(real, name);
		if (target === undefined) continue;
		if (target.includes("/.pnpm/")) add(target);
		walk(target);
	}
}

function add(folder: string): void {
	const entry = packageEntry(folder);
	if (entry.name && entry.version)
		found.set(`${entry.name}@${entry.version}`, entry);
}

/** Resolves it as Node does: in the node_modules of the folder or of those above. */
function resolve(from: string, name: string): string | undefined {
	for (let folder = from; folder !== dirname(folder); folder = dirname(folder))
		try {
			return realpathSync(join(folder, "node_modules", name));
		} catch {
			// Try the folder above.
		}
	return undefined;
}
