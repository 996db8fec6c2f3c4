/**
 * Bundles every service and the command into one file each, dist/main.js: they start in half the time and half the memory of their
 * sources, and an image needs nothing else.
 */
import { readdirSync } from "node:fs";
import { build } from "esbuild";

const roots = [
	...readdirSync("examples").map((name) => `examples/${name}`),
	...readdirSync("services").map((name) => `services/${name}`),
	"apps/cli",
];

await Promise.all(
	roots.map((root) =>
		build({
			entryPoints: [`${root}/src/main.ts`],
			outfile: `${root}/dist/main.js`,
			bundle: true,
			platform: "node",
			format: "esm",
			target: "node24",
			// For debuggers; reading it at run time (--enable-source-maps) costs 53 MB a process.
			sourcemap: true,
			logLevel: "warning",
			// What CommonJS packages among the dependencies expect to be there.
			banner: {
				js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
			},
		}),
	),
);
