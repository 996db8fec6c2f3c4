/** Where this clone is, and the built program of each part. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The clone's root. It is the same from the sources (packages/programs/src) and from a bundle
 * (apps/cli/dist). An image has no pnpm-workspace.yaml; its bundle lies as deep as in the clone.
 */
export const ROOT = findRoot(dirname(fileURLToPath(import.meta.url)));

function findRoot(from: string): string {
	for (let dir = from; ; dir = dirname(dir)) {
		if (existsSync(join(dir, "pnpm-workspace.yaml"))) return dir;
		if (dir === dirname(dir)) return resolve(from, "../../..");
	}
}

/** What `node` runs for each part except Kafka. `pnpm build` makes these files. */
export const PROGRAMS = {
	metronome: join(ROOT, "services/metronome/dist/main.js"),
	processor: join(ROOT, "services/processor/dist/main.js"),
	middleware: join(ROOT, "services/middleware/dist/main.js"),
	ingest: join(ROOT, "services/ingest/dist/main.js"),
	dashboard: join(
		ROOT,
		"apps/dashboard/.next/standalone/apps/dashboard/server.js",
	),
	lake: join(ROOT, "services/lake/dist/main.js"),
	"lake-query": join(ROOT, "services/lake-query/dist/main.js"),
} as const;
