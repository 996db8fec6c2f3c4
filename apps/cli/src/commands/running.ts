/** An `up` that finds the system there, or waits for somebody else to bring it up. */

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CLI_EXIT, CliError } from "../exit-codes.ts";
import { isAlive, type ProcessIdentity } from "../process/identity.ts";
import type { StateFolder } from "../project.ts";
import type { SystemState } from "../state/state.ts";
import { readState } from "../state/state-file.ts";
import { lastLines } from "./last-lines.ts";

const POLL_MS = 100;
const LINES_SHOWN = 15;

/**
 * Waits until the supervisor has the system ready. Throws CliError with the failing part's last lines where its start fails, it ends, or the
 * time is over.
 */
export async function waitReady(
	folder: StateFolder,
	supervisor: ProcessIdentity,
	timeoutMs: number,
): Promise<SystemState> {
	const deadline = performance.now() + timeoutMs;
	for (;;) {
		const alive = isAlive(supervisor);
		const state = readState(folder.stateFile);
		const current = state?.supervisor.startTime === supervisor.startTime;
		if (state && current && state.phase === "ready") return state;
		if (!alive)
			throw new CliError(
				CLI_EXIT.failure,
				state && current && state.problem
					? startFailed(folder, state)
					: `The supervisor (pid ${supervisor.pid}) ended before the system was ready.\n${indent(lastLines(join(folder.logs, "supervisor.log"), LINES_SHOWN))}`,
			);
		if (performance.now() > deadline)
			throw new CliError(
				CLI_EXIT.failure,
				`The system is not ready after ${Math.round(timeoutMs / 1_000)} s; it goes on trying: see \`fireworks status\` and \`fireworks logs\`.`,
			);
		await sleep(POLL_MS);
	}
}

function startFailed(folder: StateFolder, state: SystemState): string {
	const { problem, problemPart } = state;
	const lines = problemPart
		? lastLines(join(folder.logs, `${problemPart}.log`), LINES_SHOWN)
		: [];
	return startFailureText(problem ?? "", problemPart, lines);
}

/** The message of a start that failed; everything was stopped again. */
export function startFailureText(
	problem: string,
	part: string | null | undefined,
	lines: readonly string[],
): string {
	const shown =
		lines.length > 0 ? `\nLast lines of ${part}:\n${indent(lines)}` : "";
	return `The start failed, and everything was stopped again. ${problem}${shown}`;
}

const indent = (lines: readonly string[]) =>
	lines.map((line) => `  ${line}`).join("\n");
