/**
 * `fireworks down`: stops everything of this state folder. With --purge it also removes the data
 * and logs.
 */
import { rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CLI_EXIT, CliError, type CliExit } from "../exit-codes.ts";
import { endProcess } from "../process/process.ts";
import type { StateFolder } from "../project.ts";
import { stateFolderOf } from "../settings.ts";
import { Steps } from "../ui/steps.ts";
import { leftovers, stopLeftovers } from "./state/leftovers.ts";
import { lockOwner } from "./state/lock.ts";
import { readState, type SystemState } from "./state/state.ts";

/** More than all parts together may take to stop. */
const STOP_TIMEOUT_MS = 90_000;

export async function down(options: { purge: boolean }): Promise<CliExit> {
	const folder = stateFolderOf(process.env);
	const steps = new Steps(process.stdout);
	const owner = lockOwner(folder.lockFile);
	if (owner) {
		await steps.run("Stopping all parts, in order", () =>
			endProcess(owner, STOP_TIMEOUT_MS),
		);
	}
	const state = stateOrNone(folder, options.purge);
	const left = leftovers(state);
	if (left.length > 0)
		await steps.run("Stopping parts of a killed supervisor", (say) =>
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

/** A broken state file must not prevent a purge. */
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

/** Removes only our own files: the user may have set the state folder to their home folder. */
function purge(folder: StateFolder): void {
	for (const path of [
		folder.kafka,
		// Made by the Spark engine.
		...["checkpoints", "metronome", "scratch", "warehouse"].map((name) =>
			join(folder.spark, name),
		),
		folder.lake,
		folder.restarts,
		folder.logs,
		folder.stateFile,
		folder.lockFile,
	])
		rmSync(path, { recursive: true, force: true });
	for (const path of [folder.spark, folder.root])
		try {
			rmdirSync(path);
		} catch {
			// It is not empty, or does not exist.
		}
}
