/**
 * Checks that the state folder can be used: it is writable, its state is readable, and Kafka's data
 * is intact.
 */
import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import { brokerLayout, inspectStorage, reasonOf } from "@fireworks/local-kafka";
import { CLI_EXIT, CliError } from "../exit-codes.ts";
import { readState } from "../local/state/state.ts";
import type { StateFolder } from "../project.ts";
import { showFinding } from "../ui/findings.ts";
import { type Finding, ok, problem } from "./finding.ts";

/**
 * Throws CliError, before anything is written, if we may not write to the folder or something in
 * it.
 */
export function requireStateFolder(folder: StateFolder): void {
	const closed = closedFolder(folder);
	if (closed) throw new CliError(CLI_EXIT.failure, showFinding(closed));
}

/** The problem with the first folder that we may not write to; undefined if we may write to all. */
function closedFolder(folder: StateFolder): Finding | undefined {
	for (const path of [folder.root, folder.kafka, folder.logs, folder.spark])
		try {
			if (path === folder.root) mkdirSync(path, { recursive: true });
			else if (!existsSync(path)) continue;
			accessSync(path, constants.W_OK | constants.X_OK);
		} catch (error) {
			return problem(
				"state folder",
				`${path} is not writable: ${reasonOf(error)}`,
				"Give it to your user (`sudo chown -R`), remove it, clone again as yourself, or set FIREWORKS_STATE_DIR to another folder",
			);
		}
	return undefined;
}

export function checkStateFolder(folder: StateFolder): Finding[] {
	const closed = closedFolder(folder);
	if (closed) return [closed];
	return [
		judge("state", () => {
			readState(folder.stateFile);
			return `${folder.root} is writable, its state readable`;
		}),
		judge("kafka data", () => {
			const found = inspectStorage(brokerLayout(folder.kafka));
			return found ? `cluster ${found.clusterId}` : "none yet";
		}),
	];
}

/** The errors that are caught here already say what to do. */
function judge(check: string, look: () => string): Finding {
	try {
		return ok(check, look());
	} catch (error) {
		return problem(check, (error as Error).message, "");
	}
}
