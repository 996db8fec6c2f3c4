/** Parts that are small real processes: what they do is given as JavaScript, as for `node -e`. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { PartName } from "../../src/part-names.ts";
import type { PartDefinition } from "../../src/supervisor/part.ts";

/** It is ready when it prints "ready". */
export const WELL_BEHAVED =
	"process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1e6); console.log('ready');";
/** Ready, and deaf to SIGTERM. */
export const STUBBORN =
	"process.on('SIGTERM', () => {}); setInterval(() => {}, 1e6); console.log('ready');";

/** program: called for each life, so that lives may differ. */
export function scriptPart(
	name: PartName,
	program: (life: number) => string,
	graceMs = 5_000,
): PartDefinition & { children: ChildProcess[] } {
	const children: ChildProcess[] = [];
	return {
		name,
		ports: { http: 1 },
		graceMs,
		children,
		async launch(life) {
			const child = spawn(process.execPath, ["-e", program(children.length)], {
				stdio: ["ignore", "pipe", "inherit"],
			});
			children.push(child);
			createInterface({ input: child.stdout }).on("line", (line) => {
				life.onLine(line);
				if (line === "ready") life.onReady();
			});
			life.onSpawn(child);
			const [code, signal] = await once(child, "close");
			return { code, signal };
		},
	};
}
