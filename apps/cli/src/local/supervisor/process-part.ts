/**
 * A part that is its own program. It is started without a wrapper, so its pid is the service's own.
 * Then its probe is asked until it is ready.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { ProcessExit } from "@fireworks/local-kafka";
import { ROOT } from "@fireworks/programs";
import { type PortOwner, portOwners } from "../../preflight/port-owner.ts";
import { descendsFrom } from "../../process/identity.ts";
import { startProcess } from "../../process/process.ts";
import { askProbe, watchLiveness } from "./http-probe.ts";
import type { ProcessRun } from "./part.ts";

const PROBE_INTERVAL_MS = 100;
const PROBE_TIMEOUT_MS = 2_000;

export interface Program {
	/** The program to run; default: Node. */
	file?: string;
	/** Its arguments; for Node, the script comes first. */
	args: readonly string[];
	env: Readonly<Record<string, string | undefined>>;
	/** The base address of /readyz and /livez, e.g. http://127.0.0.1:8080 */
	healthUrl: string;
}

/** Runs the program once. Throws if its process cannot be started. */
export async function runProgram(
	{ file = process.execPath, args, env, healthUrl }: Program,
	run: ProcessRun,
): Promise<ProcessExit> {
	const { child, exited } = startProcess({
		file,
		args,
		env,
		cwd: ROOT,
		onLine: run.onLine,
	});
	if (child.pid !== undefined) run.onSpawn(child);
	const gone = new AbortController();
	const over = AbortSignal.any([gone.signal, run.signal]);
	const [exit] = await Promise.all([
		exited.finally(() => gone.abort()),
		becomesReady(healthUrl, child.pid, over, run).then((ready) => {
			if (!ready) return;
			run.onReady();
			return watchLiveness(`${healthUrl}/livez`, over, (reason) => {
				run.onLine(`supervisor: killed, because it is not live: ${reason}`);
				child.kill("SIGKILL");
			});
		}),
	]);
	return exit;
}

/** Resolves true once our process answers that it is ready, or false if it is over first. */
async function becomesReady(
	healthUrl: string,
	pid: number | undefined,
	over: AbortSignal,
	run: ProcessRun,
): Promise<boolean> {
	for (let reported = false; !over.aborted; ) {
		const problem = await askProbe(`${healthUrl}/readyz`, PROBE_TIMEOUT_MS);
		if (problem === undefined) {
			const stranger = strangerAt(Number(new URL(healthUrl).port), pid);
			if (stranger === undefined) return !over.aborted;
			if (!reported)
				run.onLine(
					`supervisor: another program answers on this part's port: pid ${stranger.pid}, ${stranger.command}`,
				);
			reported = true;
		} else run.onWaiting(problem);
		await sleep(PROBE_INTERVAL_MS, undefined, { signal: over }).catch(() => {});
	}
	return false;
}

/**
 * A program that listens on the port while our process does not. undefined if there is none, or if
 * the system does not report it.
 */
function strangerAt(
	port: number,
	pid: number | undefined,
): PortOwner | undefined {
	const owners = portOwners(port);
	const ours = new Set(pid === undefined ? [] : [pid]);
	return owners.some((owner) => descendsFrom(owner.pid, ours))
		? undefined
		: owners[0];
}
