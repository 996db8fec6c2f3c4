/** `up --detach`: the supervisor is a process of its own that outlives the terminal; this one waits until the system is ready, or tells why not. */
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { CLI_EXIT, CliError, type CliExit } from "../exit-codes.ts";
import { send, waitGone } from "../process/end-process.ts";
import { identify } from "../process/identity.ts";
import { ROOT } from "../project.ts";
import { lockOwner } from "../state/lock.ts";
import { describe } from "../supervisor/supervisor.ts";
import type { Steps } from "../ui/steps.ts";
import { type LocalStart, supervise } from "./local-start.ts";
import { waitReady } from "./running.ts";
import { aborted, stopSignals } from "./stop-signals.ts";

/** The hidden word by which the supervisor's process is started. */
export const SUPERVISE = "supervise";
/** What a failed start may take to stop again. */
const STOP_MARGIN_MS = 60_000;

export async function startDetached(
	start: LocalStart,
	timeoutMs: number,
	steps: Steps,
): Promise<CliExit> {
	const { folder, env } = start;
	mkdirSync(folder.logs, { recursive: true });
	// Only what the supervisor's own log cannot take: a crash of the process itself.
	const out = openSync(join(folder.logs, "supervisor.out"), "w");
	const child = spawn(
		process.execPath,
		[process.argv[1] ?? "", SUPERVISE, "--timeout", String(timeoutMs / 1_000)],
		{
			cwd: ROOT,
			env: { ...env, FIREWORKS_STATE_DIR: folder.root },
			detached: true,
			stdio: ["ignore", out, out],
		},
	);
	closeSync(out);
	child.unref();
	const known = child.pid ? identify(child.pid) : undefined;
	if (known === undefined)
		throw new CliError(
			CLI_EXIT.failure,
			"The supervisor could not be started.",
		);
	const asked = stopSignals(() => {});
	const interrupted = aborted(asked).then(() => {
		send(known, "SIGTERM");
		return undefined;
	});
	const state = await steps.run("Starting the parts", async () => {
		const ready = waitReady(folder, known, timeoutMs + STOP_MARGIN_MS).catch(
			async (error: unknown) => {
				// Another `up` may have been first: then its system is ours as well.
				const owner = lockOwner(folder.lockFile);
				if (owner && owner.pid !== known.pid)
					return waitReady(folder, owner, timeoutMs);
				throw error;
			},
		);
		return Promise.race([ready, interrupted]);
	});
	if (state === undefined) {
		await waitGone(known, STOP_MARGIN_MS);
		return CLI_EXIT.interrupted;
	}
	console.log(
		`Fireworks is up: ${state.page}\nfireworks status | logs -f | audit | down`,
	);
	return CLI_EXIT.ok;
}

/** The supervisor's process itself, behind `up --detach`. */
export async function runDetached(
	start: LocalStart,
	timeoutMs: number,
): Promise<CliExit> {
	const supervised = supervise(start);
	if (!("supervisor" in supervised)) return CLI_EXIT.ok;
	const { supervisor, ready, release } = supervised;
	const asked = stopSignals(() => supervisor.killAll());
	try {
		const failure = await ready(
			AbortSignal.any([asked, AbortSignal.timeout(timeoutMs)]),
		);
		if (failure && !asked.aborted) {
			await supervisor.stop(`the start failed: ${describe(failure)}`);
			return CLI_EXIT.failure;
		}
		await aborted(asked);
		await supervisor.stop(String(asked.reason));
		return CLI_EXIT.ok;
	} finally {
		release();
	}
}
