/**
 * Builds the page into a self-contained folder: .next/standalone.
 *
 * Next leaves the static files out of it, as it expects them on a CDN. We copy them in. Our own
 * server, which also relays the websocket, replaces Next's server.js. So `node
 * .next/standalone/apps/dashboard/server.js` runs the whole page.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const app = dirname(dirname(fileURLToPath(import.meta.url)));
const standalone = join(app, ".next/standalone/apps/dashboard");

rmSync(join(app, ".next/standalone"), { recursive: true, force: true });
const { status } = spawnSync(
	process.execPath,
	[join(app, "node_modules/next/dist/bin/next"), "build"],
	{
		cwd: app,
		stdio: "inherit",
		// `next build` fails with any other NODE_ENV, and the user's shell may have set one.
		env: {
			...process.env,
			NEXT_TELEMETRY_DISABLED: "1",
			NODE_ENV: "production",
		},
	},
);
if (status !== 0) process.exit(status ?? 1);

for (const folder of ["public", ".next/static"]) {
	const from = join(app, folder);
	if (existsSync(from))
		cpSync(from, join(standalone, folder), { recursive: true });
}

await build({
	entryPoints: [join(app, "src/server/main.ts")],
	outfile: join(standalone, "server.js"),
	bundle: true,
	platform: "node",
	format: "esm",
	target: "node24",
	// Next's standalone folder contains it.
	external: ["next"],
	logLevel: "warning",
});
