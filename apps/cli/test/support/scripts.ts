/**
 * Parts that are small real processes. Their programs are given as JavaScript, as for `node -e`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { PartDefinition } from "../../src/local/supervisor/part.ts";

/** The part is ready when it prints "ready". */
export const WELL_BEHAVED =
	"process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1e6); console.log('ready');";
/** Ready, but ignores SIGTERM. */
export const STUBBORN =
	"process.on('SIGTERM', () => {}); setInterval(() => {}, 1e6); console.log('ready');";

/** program: called for each run, so that runs may differ. */
export function scriptPart(
	name: string,
	program: (run: number) => string,
	graceMs = 5_000,
): PartDefinition & { children: ChildProcess[] } {
	const children: ChildProcess[] = [];
	return {
		name,
		ports: { http: 1 },
		graceMs,
		children,
		async run(run) {
			const child = spawn(process.execPath, ["-e", program(children.length)], {
				stdio: ["ignore", "pipe", "inherit"],
			});
			children.push(child);
			createInterface({ input: child.stdout }).on("line", (line) => {
				run.onLine(line);
				if (line === "ready") run.onReady();
			});
			run.onSpawn(child);
			const [code, signal] = await once(child, "close");
			return { code, signal };
		},
	};
}
