/**
 * Bundles every service and the command into one file each, dist/main.js: they start in half the time and half the memory of their
 * sources, and an image needs nothing else but dist/msk-signer.js, which is loaded for Amazon MSK only: AWS's SDK in main.js cost
 * every process 9 MB. Beside it dist/packages.json names the npm packages in it.
 * `node scripts/build.ts [FOLDER...]`: only these.
 */
import { readdirSync, writeFileSync } from "node:fs";
import { type BuildOptions, build } from "esbuild";
import { bundledPackages } from "./bundled-packages.ts";

const LAZY = { name: "aws-msk-iam-sasl-signer-js", file: "msk-signer.js" };

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
					setup: ({ onResolve }) =>
						onResolve({ filter: new RegExp(`^${LAZY.name}$`) }, () => ({
							path: `./${LAZY.file}`,
							external: true,
						})),
				},
			],
		});
		const lazy = await build({
			...common,
			stdin: {
				contents: `export * from "${LAZY.name}";`,
				resolveDir: "packages/streams",
			},
			outfile: `${root}/dist/${LAZY.file}`,
			minify: true,
		});
		writeFileSync(
			`${root}/dist/packages.json`,
			JSON.stringify(
				bundledPackages({
					inputs: {},
					outputs: { ...metafile.outputs, ...lazy.metafile.outputs },
				}),
			),
		);
	}),
);
