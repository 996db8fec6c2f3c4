/**
 * Builds the page into a folder that runs by itself: .next/standalone.
 *
 * Next leaves the static files out of it (it takes them to be on a CDN): we copy them in, so that
 * `node .next/standalone/apps/dashboard/server.js` is the whole page.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const app = dirname(dirname(fileURLToPath(import.meta.url)));
const standalone = join(app, ".next/standalone/apps/dashboard");

rmSync(join(app, ".next/standalone"), { recursive: true, force: true });
const { status } = spawnSync(
	process.execPath,
	[join(app, "node_modules/next/dist/bin/next"), "build"],
	{
		cwd: app,
		stdio: "inherit",
		env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
	},
);
if (status !== 0) process.exit(status ?? 1);

for (const folder of ["public", ".next/static"]) {
	const from = join(app, folder);
	if (existsSync(from))
		cpSync(from, join(standalone, folder), { recursive: true });
}
