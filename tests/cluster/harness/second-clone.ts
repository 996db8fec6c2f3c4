/**
 * Another clone as far as the CLI needs one: its bundle and the files that it uses, in another
 * folder.
 */
import { cpSync, mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const PARTS = [
	"pnpm-workspace.yaml",
	"apps/cli/dist",
	"charts",
	"docker",
	"docker-bake.hcl",
	"kind",
];

/** Returns its root, which contains the CLI at apps/cli/dist/main.js. */
export function secondClone(folder: string): string {
	mkdirSync(folder, { recursive: true });
	for (const part of PARTS)
		cpSync(join(ROOT, part), join(folder, part), { recursive: true });
	return realpathSync(folder);
}
