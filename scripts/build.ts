/**
 * Bundles every service and the CLI into one file each, dist/main.js. A bundle starts in half the
 * time and needs half the memory of the sources. An image needs only this file and those that LAZY
 * names: large libraries in their own files, loaded on demand. dist/packages.json next to it lists
 * the npm packages in the bundle. `node scripts/build.ts [FOLDER...]` builds only these folders.
 *
 * A folder of pipelines/ is bundled together with the runner. It is built only when it is named:
 * `fireworks up` builds each pipeline when it starts it, so one with an error stops no other build.
 */
import { mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { type BuildOptions, build, type OutputFile } from "esbuild";
import { bundledPackages } from "./bundled-packages.ts";

/**
 * Libraries that are loaded on demand: `import()` of the package loads the file next to the bundle.
 */
const LAZY = [
	{
		// Used only for Amazon MSK: AWS's SDK in main.js cost every process 9 MB.
		name: "aws-msk-iam-sasl-signer-js",
		file: "msk-signer.js",
		exports: "{ generateAuthToken }",
		from: "packages/streams",
		of: () => true,
	},
	{
		// Used only for clusters: in main.js it added 0.3 s to every subcommand.
		name: "@kubernetes/client-node",
		file: "kubernetes-client.js",
		exports: "*",
		from: "apps/cli",
		of: (root: string) => root === "apps/cli",
	},
] as const;

const common = {
	bundle: true,
	platform: "node",
	format: "esm",
	target: "node24",
	metafile: true,
	// Files are written only after everything is built, so a failed build keeps the last good one.
	write: false,
	logLevel: "warning",
	// It has a native library for each platform, which cannot be bundled: it stays in node_modules.
	external: ["@duckdb/node-api"],
	// Variables that CommonJS packages among the dependencies expect.
	banner: {
		js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
	},
} as const satisfies BuildOptions;

const asked = process.argv.slice(2);
const roots =
	asked.length > 0
		? asked
		: [
				...readdirSync("examples").map((name) => `examples/${name}`),
				...readdirSync("services")
					// Its bundles are those of the pipelines.
					.filter((name) => name !== "runner")
					.map((name) => `services/${name}`),
				"apps/cli",
			];

const builds = Promise.all(
	roots.map(async (root) => {
		const { metafile, outputFiles } = await build({
			...entryOf(root),
			outfile: `${root}/dist/main.js`,
			...common,
			// For debuggers. Reading it at run time (--enable-source-maps) costs 53 MB per process.
			sourcemap: true,
			plugins: [
				{
					name: "lazy",
					setup: ({ onResolve }) => {
						for (const { name, file } of LAZY)
							onResolve({ filter: new RegExp(`^${name}$`) }, () => ({
								path: `./${file}`,
								external: true,
							}));
					},
				},
			],
		});
		const lazy = await Promise.all(
			LAZY.filter(({ of }) => of(root)).map(({ name, file, exports, from }) =>
				build({
					...common,
					stdin: {
						contents: `export ${exports} from "${name}";`,
						resolveDir: from,
					},
					outfile: `${root}/dist/${file}`,
					minify: true,
				}),
			),
		);
		const outputs = [metafile, ...lazy.map((l) => l.metafile)].map(
			(m) => m.outputs,
		);
		const packages = bundledPackages({
			inputs: {},
			outputs: Object.assign({}, ...outputs),
		});
		return {
			files: [...outputFiles, ...lazy.flatMap((l) => l.outputFiles)],
			list: { path: `${root}/dist/packages.json`, packages },
		};
	}),
);
for (const { files, list } of await builds.catch(alreadyPrinted)) {
	for (const file of files) replace(file);
	const text = JSON.stringify(list.packages);
	replace({ path: list.path, contents: new TextEncoder().encode(text) });
}

/** What is bundled of a folder: its main.ts, or the runner and a pipeline. */
function entryOf(root: string): BuildOptions {
	if (dirname(root) !== "pipelines")
		return { entryPoints: [`${root}/src/main.ts`] };
	const runner = relative(root, "services/runner/src/bundled.ts");
	return {
		stdin: {
			contents: `import { runBundled } from "${runner}";
await runBundled(${JSON.stringify(basename(root))}, () => import("./pipeline.ts"));`,
			sourcefile: "main.ts",
			resolveDir: root,
			loader: "ts",
		},
	};
}

/** esbuild has printed the errors of a build, with their places: its stack says no more. */
function alreadyPrinted(error: unknown): never {
	if (error instanceof Error && "errors" in error) process.exit(1);
	throw error;
}

/** Replaces the file atomically: a command may be starting from it at this moment. */
function replace({ path, contents }: Pick<OutputFile, "path" | "contents">) {
	mkdirSync(dirname(path), { recursive: true });
	const part = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
	writeFileSync(part, contents);
	renameSync(part, path);
}
