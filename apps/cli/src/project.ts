/** Where the things of this clone are: the programs of the parts, and the folders of the running system. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The clone's root, seen from the sources (apps/cli/src) as from the bundle (apps/cli/dist). */
export const ROOT = findRoot(dirname(fileURLToPath(import.meta.url)));

function findRoot(from: string): string {
	for (let dir = from; ; dir = dirname(dir)) {
		if (existsSync(join(dir, "pnpm-workspace.yaml"))) return dir;
		if (dir === dirname(dir)) return resolve(from, "../../..");
	}
}

/** What `node` runs for each part but Kafka; `pnpm build` makes them. */
export const PROGRAMS = {
	metronome: join(ROOT, "services/metronome/dist/main.js"),
	processor: join(ROOT, "services/processor/dist/main.js"),
	middleware: join(ROOT, "services/middleware/dist/main.js"),
	dashboard: join(
		ROOT,
		"apps/dashboard/.next/standalone/apps/dashboard/server.js",
	),
} as const;

/** The files of the running system, all under one folder. */
export interface StateFolder {
	root: string;
	stateFile: string;
	lockFile: string;
	logs: string;
	kafka: string;
	/** Of the Spark engine: checkpoints and scratch. */
	spark: string;
}

export const stateFolder = (root: string): StateFolder => ({
	root,
	stateFile: join(root, "state.json"),
	lockFile: join(root, "lock"),
	logs: join(root, "logs"),
	kafka: join(root, "kafka"),
	spark: join(root, "spark"),
});
