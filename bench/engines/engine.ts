/**
 * An engine in the comparison: a command in its own process group, configured with the environment
 * variables of Fireworks' processor.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TreeUse, treeUse } from "./process-tree.ts";

interface Command {
	command: string;
	args: readonly string[];
	environment?: Readonly<Record<string, string>>;
}

export interface Engine {
	name: string;
	/** What it does and omits, for the table. */
	does: string;
	/** Downloads and compiles everything before the measurement. */
	prepare(): Promise<void>;
	/** stateDir: a folder that only this run uses; a restart gets the same one. */
	command(stateDir: string): Command;
}

/** A folder for one run; the caller removes it. */
export const newStateDir = (): string =>
	mkdtempSync(join(tmpdir(), "fireworks-bench-"));

export class EngineRun {
	readonly startedAt: number;
	/** The largest resident memory that use() has seen. */
	residentMbMax = 0;
	readonly #child: ChildProcess;
	#lastUse: TreeUse = { cpuSeconds: 0, residentMb: 0 };

	constructor(
		engine: Engine,
		environment: Readonly<Record<string, string>>,
		stateDir: string,
	) {
		const { command, args, environment: own } = engine.command(stateDir);
		const log = openSync(`${stateDir}/engine.log`, "a");
		this.startedAt = Date.now();
		this.#child = spawn(command, args, {
			env: {
				PATH: process.env.PATH,
				HOME: process.env.HOME,
				...environment,
				...own,
			},
			stdio: ["ignore", log, log],
			detached: true,
		});
		closeSync(log);
	}

	get ended(): boolean {
		return this.#child.exitCode !== null || this.#child.signalCode !== null;
	}

	/** The use so far. After the process has ended: the last known values. */
	use(): TreeUse {
		const use = treeUse(this.#child.pid as number);
		if (use.cpuSeconds > 0) this.#lastUse = use;
		this.residentMbMax = Math.max(this.residentMbMax, use.residentMb);
		return this.#lastUse;
	}

	/** Sends SIGKILL to the whole group: driver, executors, workers. */
	async kill(): Promise<void> {
		this.use();
		try {
			process.kill(-(this.#child.pid as number), "SIGKILL");
		} catch {
			// The group has ended.
		}
		if (!this.ended) await once(this.#child, "exit");
	}
}
