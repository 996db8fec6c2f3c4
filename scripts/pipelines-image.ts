/**
 * Writes what the image `pipelines` holds: `node scripts/pipelines-image.ts OUT`. OUT gets a folder
 * for each pipeline, with its bundle (scripts/build.ts), and packages.json, the npm packages of all
 * of them.
 *
 * A pipeline may read files of an npm package, such as a data set. So a dependency of which nothing
 * is in the bundle is copied next to it.
 */
import { execFileSync } from "node:child_process";
import {
	cpSync,
	existsSync,
	globSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	realpathSync,
	writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { byName, type PackageEntry, packageEntry } from "./bundled-packages.ts";

const [out = ""] = process.argv.slice(2);
const folders = readdirSync("pipelines")
	.filter((name) => !name.startsWith("."))
	.map((name) => join("pipelines", name))
	.filter((folder) => existsSync(join(folder, "pipeline.ts")));
execFileSync(process.execPath, ["scripts/build.ts", ...folders], {
	stdio: "inherit",
});

const packages = new Map<string, PackageEntry>();
const add = (entry: PackageEntry) =>
	packages.set(`${entry.name}@${entry.version}`, entry);
const read = (file: string) => JSON.parse(readFileSync(file, "utf8"));

for (const folder of folders) {
	const to = join(out, basename(folder));
	mkdirSync(to, { recursive: true });
	for (const file of globSync(join(folder, "dist/*.js")))
		cpSync(file, join(to, basename(file)));
	const bundled: PackageEntry[] = read(join(folder, "dist/packages.json"));
	for (const entry of bundled) add(entry);
	// One without packages of its own has no package.json, and its bundle holds all that it needs.
	const own = join(folder, "package.json");
	const { dependencies = {} } = existsSync(own) ? read(own) : {};
	for (const name of Object.keys(dependencies)) {
		if (name.startsWith("@fireworks/")) continue;
		if (bundled.some((entry) => entry.name === name)) continue;
		const from = realpathSync(join(folder, "node_modules", name));
		add(packageEntry(from));
		cpSync(from, join(to, "node_modules", name), {
			recursive: true,
			filter: (path) => path === from || basename(path) !== "node_modules",
		});
	}
}
writeFileSync(join(out, "package.json"), '{"type":"module"}');
writeFileSync(
	join(out, "packages.json"),
	JSON.stringify([...packages.values()].sort(byName)),
);
console.log(`${folders.length} pipelines, ${packages.size} packages`);
