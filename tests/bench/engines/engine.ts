/** An engine as the comparison runs it: a command, told by the environment of Fireworks' processor, as a process group of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TreeUse, treeUse } from "./process-tree.ts";

export interface Command {
	command: string;
	args: readonly string[];
	environment?: Readonly<Record<string, string>>;
}

export interface Engine {
	name: string;
	/** What it does and leaves out, for the table. */
	does: string;
	/** Whatever is fetched or compiled, before anything is measured. */
	prepare(): Promise<void>;
	/** stateDir: a folder that this run alone has; a restart gets the same. */
	command(stateDir: string): Command;
}

/** A folder for one run; its owner removes it. */
export const newStateDir = (): string =>
	mkdtempSync(join(tmpdir(), "fireworks-bench-"));

export class EngineRun {
	readonly startedAt: number;
	/** The largest resident memory seen by use(). */
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

	/** So far; after its end what was seen last. */
	use(): TreeUse {
		const use = treeUse(this.#child.pid as number);
		if (use.cpuSeconds > 0) this.#lastUse = use;
		this.residentMbMax = Math.max(this.residentMbMax, use.residentMb);
		return this.#lastUse;
	}

	/** SIGKILL to the whole group: driver, executors, workers. */
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
