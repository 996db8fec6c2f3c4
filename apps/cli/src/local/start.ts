/**
 * Starts the supervisor as a process of its own, and follows it. With --detach only until the
 * system is ready; in the foreground until the system ends, showing the parts, and Ctrl-C stops
 * it.
 */
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Environment } from "@fireworks/contracts";
import { ROOT } from "@fireworks/programs";
import { aborted, stopSignals } from "../commands/stop-signals.ts";
import { CLI_EXIT, CliError, type CliExit } from "../exit-codes.ts";
import {
	identify,
	isAlive,
	type ProcessIdentity,
} from "../process/identity.ts";
import { send, startProcess } from "../process/process.ts";
import type { StateFolder } from "../project.ts";
import { duration } from "../ui/format.ts";
import { LiveView } from "../ui/live-view.ts";
import type { Steps } from "../ui/steps.ts";
import { lastLines } from "./last-lines.ts";
import { findPipelines } from "./pipelines/find.ts";
import { problemLines } from "./pipelines/report.ts";
import { lockOwner } from "./state/lock.ts";
import { readState, type SystemState } from "./state/state.ts";

/** The hidden subcommand that runs the supervisor. */
export const SUPERVISE = "supervise";
/** How long a failed start may take to stop everything again. */
const STOP_MARGIN_MS = 60_000;
const POLL_MS = 100;
const LINES_SHOWN = 15;

export interface LocalStart {
	folder: StateFolder;
	/** The environment of the supervisor and the parts. */
	env: Environment;
	/** For the start of the parts. */
	timeoutMs: number;
	/** Pipelines that start only if they are named. */
	pipelines: readonly string[];
}

function startSupervisor({ folder, env, timeoutMs, pipelines }: LocalStart) {
	mkdirSync(folder.logs, { recursive: true });
	// Holds only what the supervisor cannot write to its own log: a crash of the process itself.
	const output = openSync(join(folder.logs, "supervisor.out"), "w");
	const { child, exited } = startProcess({
		file: process.execPath,
		args: [
			process.argv[1] ?? "",
			SUPERVISE,
			"--timeout",
			`${timeoutMs / 1_000}`,
			...pipelines.flatMap((name) => ["--pipeline", name]),
		],
		cwd: ROOT,
		env: { ...env, FIREWORKS_STATE_DIR: folder.root },
		output,
	});
	closeSync(output);
	const ended = exited.then(
		() => {},
		() => {},
	);
	const supervisor = child.pid ? identify(child.pid) : undefined;
	if (supervisor) return { supervisor, ended };
	throw new CliError(
		CLI_EXIT.failure,
		`The supervisor could not be started: see ${join(folder.logs, "supervisor.out")}`,
	);
}

/** Waits until the started system is ready, or that of another `up` which was faster. */
async function ownReady(
	{ folder, timeoutMs }: LocalStart,
	supervisor: ProcessIdentity,
): Promise<SystemState> {
	try {
		return await waitReady(folder, supervisor, timeoutMs + STOP_MARGIN_MS);
	} catch (error) {
		const owner = lockOwner(folder.lockFile);
		if (owner && owner.pid !== supervisor.pid)
			return waitReady(folder, owner, timeoutMs);
		throw error;
	}
}

export async function startDetached(
	start: LocalStart,
	steps: Steps,
): Promise<CliExit> {
	const { supervisor, ended } = startSupervisor(start);
	const requested = stopSignals(() => send(supervisor, "SIGTERM"));
	const state = await steps.run("Starting the parts", () =>
		Promise.race([ownReady(start, supervisor), aborted(requested)]),
	);
	if (!state) {
		send(supervisor, "SIGTERM");
		await ended;
		return CLI_EXIT.interrupted;
	}
	console.log(
		`Fireworks is up: ${state.page}\nfireworks status | logs -f | audit | down`,
	);
	for (const line of problemsOf(start.folder, state)) console.log(line);
	return CLI_EXIT.ok;
}

export async function startInForeground(start: LocalStart): Promise<CliExit> {
	const { folder } = start;
	const began = performance.now();
	const { supervisor, ended } = startSupervisor(start);
	const stateNow = () => {
		const state = readState(folder.stateFile);
		return state && isOf(state, supervisor) ? state : undefined;
	};
	const requested = stopSignals(() => send(supervisor, "SIGTERM"));
	const view = new LiveView(process.stdout, stateNow);
	view.start();
	try {
		const state = await Promise.race([
			ownReady(start, supervisor),
			aborted(requested),
		]);
		if (state && !isOf(state, supervisor)) {
			console.log(alreadyUp(state));
			return CLI_EXIT.ok;
		}
		if (state) {
			view.say(
				`up after ${duration(performance.now() - began)}: ${state.page}  (Ctrl-C stops everything)`,
			);
			for (const line of problemsOf(folder, state)) view.say(line);
		}
		await Promise.race([ended, aborted(requested)]);
		if (requested.aborted) {
			view.say("stopping, in order; once more kills at once");
			send(supervisor, "SIGTERM");
		}
		await ended;
		const last = stateNow();
		if (last && last.phase !== "stopped")
			throw new CliError(
				CLI_EXIT.failure,
				`The supervisor (pid ${supervisor.pid}) was killed. \`fireworks up\` starts the system again; \`fireworks down\` stops what still runs.`,
			);
		return state ? CLI_EXIT.ok : CLI_EXIT.interrupted;
	} finally {
		view.stop();
	}
}

const problemsOf = (folder: StateFolder, { parts }: SystemState) =>
	problemLines(folder, findPipelines(), parts);

export const alreadyUp = ({ supervisor, page }: SystemState): string =>
	`Fireworks is up already (supervisor ${supervisor.pid}): ${page}`;

const isOf = (state: SystemState, supervisor: ProcessIdentity): boolean =>
	state.supervisor.startTime === supervisor.startTime;

/**
 * Waits until the supervisor reports that the system is ready. Throws CliError with the failing
 * part's last lines if the start fails, the supervisor ends, or the time is over.
 */
export async function waitReady(
	folder: StateFolder,
	supervisor: ProcessIdentity,
	timeoutMs: number,
): Promise<SystemState> {
	const deadline = performance.now() + timeoutMs;
	for (;;) {
		// Asked before the state is read: a process that has ended writes no newer state.
		const alive = isAlive(supervisor);
		const read = readState(folder.stateFile);
		const state = read && isOf(read, supervisor) ? read : undefined;
		if (state?.phase === "ready") return state;
		if (!alive)
			throw new CliError(
				CLI_EXIT.failure,
				state?.problem
					? startFailed(folder, state)
					: `The supervisor (pid ${supervisor.pid}) ended before the system was ready.\n${indentedLog(folder, "supervisor")}`,
			);
		if (performance.now() > deadline)
			throw new CliError(
				CLI_EXIT.failure,
				`The system is not ready after ${Math.round(timeoutMs / 1_000)} s. It keeps trying: see \`fireworks status\` and \`fireworks logs\`.`,
			);
		await sleep(POLL_MS);
	}
}

function startFailed(
	folder: StateFolder,
	{ problem, problemPart }: SystemState,
): string {
	const lines = problemPart ? indentedLog(folder, problemPart) : "";
	const shown = lines ? `\nLast lines of ${problemPart}:\n${lines}` : "";
	return `The start failed, and everything was stopped again. ${problem}${shown}`;
}

const indentedLog = (folder: StateFolder, name: string): string =>
	lastLines(join(folder.logs, `${name}.log`), LINES_SHOWN)
		.map((line) => `  ${line}`)
		.join("\n");
