/**
 * Starts, watches and ends processes. Everything that the CLI starts has its own process group, so
 * Ctrl-C in a terminal reaches only the CLI, which decides what ends and in which order.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { ProcessExit } from "@fireworks/local-kafka";
import { isAlive, type ProcessIdentity } from "./identity.ts";

const POLL_MS = 50;

export interface ProcessStart {
	file: string;
	args: readonly string[];
	env: NodeJS.ProcessEnv;
	cwd?: string;
	/** Written to its stdin. */
	input?: string;
	/** A file that it reads on its stdin instead. */
	inputFile?: string;
	/** The file descriptor that its output goes to; by default we read it. */
	output?: number;
	/** Called with each line of its output. */
	onLine?: (line: string) => void;
}

export interface StartedProcess {
	/** Its pid is undefined if it could not be started. */
	child: ChildProcess;
	/** How it ended, once all its output was read. Rejects if it could not be started. */
	exited: Promise<ProcessExit>;
}

export function startProcess(start: ProcessStart): StartedProcess {
	const { file, args, env, cwd, output = "pipe", onLine } = start;
	const hasInput = start.input !== undefined || start.inputFile !== undefined;
	const child = spawn(file, args, {
		env,
		...(cwd === undefined ? {} : { cwd }),
		detached: true,
		stdio: [hasInput ? "pipe" : "ignore", output, output],
	});
	if (onLine)
		for (const stream of [child.stdout, child.stderr])
			if (stream) createInterface({ input: stream }).on("line", onLine);
	// A program may stop reading its stdin early. Its exit code then says whether it failed.
	child.stdin?.on("error", () => {});
	if (child.stdin && start.inputFile !== undefined)
		pipeline(createReadStream(start.inputFile), child.stdin, () => {});
	else child.stdin?.end(start.input);
	const exited = new Promise<ProcessExit>((resolve, reject) => {
		child.once("error", reject);
		child.once("close", (code, signal) => resolve({ code, signal }));
	});
	return { child, exited };
}

/** Sends SIGTERM, then SIGKILL after the grace time. Resolves once the child has ended. */
export async function endChild(
	child: ChildProcess,
	graceMs: number,
): Promise<void> {
	const ended = child.exitCode !== null || child.signalCode !== null;
	if (ended || child.pid === undefined) return;
	const exit = new Promise((resolve) => child.once("exit", resolve));
	child.kill("SIGTERM");
	const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
	await exit;
	clearTimeout(timer);
}

/** Waits until the process is gone. Returns false if the time is over first. */
export async function waitGone(
	known: ProcessIdentity,
	timeoutMs: number,
): Promise<boolean> {
	const deadline = performance.now() + timeoutMs;
	while (isAlive(known)) {
		if (performance.now() > deadline) return false;
		await sleep(POLL_MS);
	}
	return true;
}

/**
 * Ends a process that is not our child, such as one that a killed supervisor left behind.
 */
export async function endProcess(
	known: ProcessIdentity,
	graceMs: number,
): Promise<void> {
	if (!isAlive(known)) return;
	send(known, "SIGTERM");
	if (await waitGone(known, graceMs)) return;
	send(known, "SIGKILL");
	await waitGone(known, 10_000);
}

export function send(known: ProcessIdentity, signal: NodeJS.Signals): void {
	try {
		if (isAlive(known)) process.kill(known.pid, signal);
	} catch {
		// The process ended in the meantime.
	}
}
