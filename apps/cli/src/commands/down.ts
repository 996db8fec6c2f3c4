/** `fireworks down`: stops everything of this state folder, and with --purge removes its data and logs. */
import { rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CLI_EXIT, CliError, type CliExit } from "../exit-codes.ts";
import { stateFolderOf } from "../local-settings.ts";
import { send, waitGone } from "../process/end-process.ts";
import type { StateFolder } from "../project.ts";
import { leftovers, stopLeftovers } from "../state/leftovers.ts";
import { lockOwner } from "../state/lock.ts";
import type { SystemState } from "../state/state.ts";
import { readState } from "../state/state-file.ts";
import { Steps } from "../ui/steps.ts";

/** The sum of what the parts may take, generously. */
const STOP_TIMEOUT_MS = 90_000;

export async function down(options: { purge: boolean }): Promise<CliExit> {
	const folder = stateFolderOf(process.env);
	const steps = new Steps(process.stdout);
	const owner = lockOwner(folder.lockFile);
	if (owner) {
		await steps.run("Stopping all parts, in order", async (say) => {
			send(owner, "SIGTERM");
			if (await waitGone(owner, STOP_TIMEOUT_MS)) return;
			say("the supervisor does not end: killing it");
			send(owner, "SIGKILL");
			await waitGone(owner, 10_000);
		});
	}
	const state = stateOrNone(folder, options.purge);
	const left = leftovers(state);
	if (left.length > 0)
		await steps.run("Stopping what was left over", (say) =>
			stopLeftovers(left, ({ name, process }) =>
				say(`${name} (pid ${process.pid})`),
			),
		);
	if (!owner && left.length === 0) console.log("Fireworks is not running.");
	if (options.purge) {
		purge(folder);
		console.log(
			`Removed Kafka's data, the logs and the state in ${folder.root}`,
		);
	}
	return CLI_EXIT.ok;
}

/** A broken state file must not keep a person from purging. */
function stateOrNone(
	folder: StateFolder,
	purging: boolean,
): SystemState | undefined {
	try {
		return readState(folder.stateFile);
	} catch (error) {
		if (purging && error instanceof CliError) return undefined;
		throw error;
	}
}

/** Only what is ours: somebody may have set the state folder to their home. */
function purge(folder: StateFolder): void {
	for (const path of [
		folder.kafka,
		// What the Spark engine makes there.
		...["checkpoints", "metronome", "scratch", "warehouse"].map((name) =>
			join(folder.spark, name),
		),
		folder.logs,
		folder.stateFile,
		folder.lockFile,
	])
		rmSync(path, { recursive: true, force: true });
	for (const path of [folder.spark, folder.root])
		try {
			rmdirSync(path);
		} catch {
			// Not empty, or never there.
		}
}
