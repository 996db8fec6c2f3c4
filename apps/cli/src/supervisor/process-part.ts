/** A part that is a program of its own: spawned without a wrapper, so that its pid is the service's, and asked until it is ready. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { ProcessExit } from "@fireworks/local-kafka";
import { ROOT } from "../project.ts";
import { askProbe } from "./http-probe.ts";
import { watchLiveness } from "./liveness.ts";
import type { Life } from "./part.ts";

const PROBE_INTERVAL_MS = 100;
const PROBE_TIMEOUT_MS = 2_000;

export interface Program {
	/** What is run; Node where it is absent. */
	file?: string;
	/** Of Node: the program and its own arguments. */
	args: readonly string[];
	env: Readonly<Record<string, string | undefined>>;
	/** Where /readyz and /livez are: http://127.0.0.1:8080 */
	healthUrl: string;
}

/** One life of the program. Throws where its process could not be made. */
export async function launchProcess(
	program: Program,
	life: Life,
): Promise<ProcessExit> {
	const child = spawn(program.file ?? process.execPath, program.args, {
		cwd: ROOT,
		env: program.env,
		stdio: ["ignore", "pipe", "pipe"],
		// Its own process group: Ctrl-C in a terminal reaches the supervisor only, which stops the parts in order.
		detached: true,
	});
	for (const stream of [child.stdout, child.stderr])
		createInterface({ input: stream }).on("line", life.onLine);
	const gone = new AbortController();
	const exited = new Promise<ProcessExit>((resolve, reject) => {
		child.once("error", reject);
		child.once("close", (code, signal) => resolve({ code, signal }));
	}).finally(() => gone.abort());
	if (child.pid !== undefined) life.onSpawn(child);
	const over = AbortSignal.any([gone.signal, life.signal]);
	const [exit] = await Promise.all([
		exited,
		becomesReady(`${program.healthUrl}/readyz`, over).then((ready) => {
			if (!ready) return;
			life.onReady();
			return watchLiveness(`${program.healthUrl}/livez`, over, (reason) => {
				life.onLine(`supervisor: not live, so it is ended: ${reason}`);
				child.kill("SIGKILL");
			});
		}),
	]);
	return exit;
}

/** true once it is; false where it is over first. */
async function becomesReady(url: string, over: AbortSignal): Promise<boolean> {
	while (!over.aborted) {
		const problem = await askProbe(url, PROBE_TIMEOUT_MS);
		if (problem === undefined) return !over.aborted;
		await sleep(PROBE_INTERVAL_MS, undefined, { signal: over }).catch(() => {});
	}
	return false;
}
