/** Runs a `fireworks` command as a process, on given brokers. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endWithUs } from "@fireworks/local-kafka/testing";
import { afterAll, afterEach } from "vitest";

const CLI = join(import.meta.dirname, "../../apps/cli/src/main.ts");

export interface CliRun {
	readonly child: ChildProcess;
	/** What it has printed so far. */
	stdout(): string;
	stderr(): string;
	/** The exit code. */
	readonly exit: Promise<number | null>;
}

/**
 * Call it at the top of a test file. The runs share an empty state folder; none outlives its test.
 */
export function cliRunner() {
	const state = mkdtempSync(join(tmpdir(), "fireworks-cli-"));
	const running = new Set<ChildProcess>();
	afterEach(() => {
		for (const child of running) child.kill("SIGKILL");
	});
	afterAll(() => rmSync(state, { recursive: true, force: true }));
	const start = (
		environment: Record<string, string>,
		...args: string[]
	): CliRun => {
		const child = spawn(process.execPath, [CLI, ...args], {
			env: {
				PATH: process.env.PATH,
				FIREWORKS_STATE_DIR: state,
				...environment,
			},
			stdio: ["ignore", "pipe", "pipe"],
		});
		endWithUs(child);
		running.add(child);
		let [stdout, stderr] = ["", ""];
		child.stdout.on("data", (bytes) => {
			stdout += bytes;
		});
		child.stderr.on("data", (bytes) => {
			stderr += bytes;
		});
		return {
			child,
			stdout: () => stdout,
			stderr: () => stderr,
			exit: once(child, "close").then(([code]) => {
				running.delete(child);
				return code;
			}),
		};
	};
	/** Runs a command to its end. */
	const run = async (
		environment: Record<string, string>,
		...args: string[]
	): Promise<{ code: number | null; stdout: string; stderr: string }> => {
		const started = start(environment, ...args);
		const code = await started.exit;
		return { code, stdout: started.stdout(), stderr: started.stderr() };
	};
	return { start, run };
}
