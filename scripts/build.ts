/**
 * Bundles every service and the command into one file each, dist/main.js: they start in half the time and half the memory of their
 * sources, and an image needs nothing else but what LAZY names: large libraries in files of their own, loaded where they are needed.
 * Beside it dist/packages.json names the npm packages in it.
 * `node scripts/build.ts [FOLDER...]`: only these.
 */
import { readdirSync, writeFileSync } from "node:fs";
import { type BuildOptions, build } from "esbuild";
import { bundledPackages } from "./bundled-packages.ts";

/** What a process does without until it asks: `import()` of the package leads to the file beside the bundle. */
const LAZY = [
	{
		// For Amazon MSK only: AWS's SDK in main.js cost every process 9 MB.
		name: "aws-msk-iam-sasl-signer-js",
		file: "msk-signer.js",
		exports: "{ generateAuthToken }",
		from: "packages/streams",
		of: () => true,
	},
	{
		// For clusters only: in main.js it cost every word of the command 0.3 s.
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
	logLevel: "warning",
	// What CommonJS packages among the dependencies expect to be there.
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
				...readdirSync("services").map((name) => `services/${name}`),
				"apps/cli",
			];

await Promise.all(
	roots.map(async (root) => {
		const { metafile } = await build({
			entryPoints: [`${root}/src/main.ts`],
			outfile: `${root}/dist/main.js`,
			...common,
			// For debuggers; reading it at run time (--enable-source-maps) costs 53 MB a process.
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
		writeFileSync(
			`${root}/dist/packages.json`,
			JSON.stringify(
				bundledPackages({ inputs: {}, outputs: Object.assign({}, ...outputs) }),
			),
		);
	}),
);
