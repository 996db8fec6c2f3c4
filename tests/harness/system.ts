/** The whole local system, started by its command, with its own state folder and ports. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "@fireworks/local-kafka";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const COMMAND = join(ROOT, "apps/cli/dist/main.js");
/** A command that takes longer is stopped: a busy machine needs a minute for `up`. */
const RUN_TIMEOUT_MS = 300_000;

export interface CommandResult {
	code: number;
	stdout: string;
	stderr: string;
}

export interface PartStatus {
	name: string;
	pid: number | null;
	state: string;
	restarts: number;
	ports: Record<string, number>;
}

export class System {
	readonly environment: Record<string, string>;
	readonly ports: Record<
		"kafka" | "metronome" | "processor" | "middleware" | "dashboard",
		number
	>;

	readonly #cli: string;
	#watcher: ChildProcess | undefined;

	private constructor(
		environment: Record<string, string>,
		ports: System["ports"],
		cli: string,
	) {
		this.#cli = cli;
		this.environment = environment;
		this.ports = ports;
	}

	/**
	 * Chooses free ports and an empty state folder; nothing runs yet. extra: further variables. cli:
	 * another clone's.
	 */
	static async create(
		extra: Record<string, string> = {},
		cli: string = COMMAND,
	): Promise<System> {
		const names = [
			"kafka",
			"metronome",
			"processor",
			"middleware",
			"dashboard",
		] as const;
		const entries = await Promise.all(
			names.map(async (name) => [name, await freePort()] as const),
		);
		const ports = Object.fromEntries(entries) as System["ports"];
		const environment = {
			// If Docker answered, bootstrap.sh would create a cluster.
			FIREWORKS_TARGET: "local",
			...Object.fromEntries(
				entries.map(([name, port]) => [
					`FIREWORKS_${name.toUpperCase()}_PORT`,
					String(port),
				]),
			),
			FIREWORKS_STATE_DIR: mkdtempSync(join(tmpdir(), "fireworks-system-")),
			...extra,
		};
		return new System(environment, ports, cli);
	}

	get stateDir(): string {
		return this.environment.FIREWORKS_STATE_DIR as string;
	}

	get page(): string {
		return `http://127.0.0.1:${this.ports.dashboard}/`;
	}

	get brokers(): string[] {
		return [`127.0.0.1:${this.ports.kafka}`];
	}

	/** Runs the `fireworks` command with these arguments. It does not throw for its exit code. */
	command(...args: string[]): Promise<CommandResult> {
		return this.commandWith({}, ...args);
	}

	/** The same, with further settings for this one call. */
	commandWith(
		settings: Record<string, string>,
		...args: string[]
	): Promise<CommandResult> {
		const environment = { ...this.environment, ...settings };
		return run(process.execPath, [this.#cli, ...args], environment);
	}

	/** Runs `sh bootstrap.sh` with these arguments. */
	bootstrap(...args: string[]): Promise<CommandResult> {
		return run("sh", [join(ROOT, "bootstrap.sh"), ...args], this.environment);
	}

	/** From now on the system goes down when this process ends. `up` calls it. */
	watch(): void {
		this.#watcher ??= downWithUs(this.#cli, this.environment);
	}

	/** Returns what it printed. options: further ones. */
	async up(...options: string[]): Promise<string> {
		this.watch();
		const args = ["up", "--detach", ...options];
		const { code, stdout, stderr } = await this.command(...args);
		if (code !== 0)
			throw new Error(`up ended with ${code}\n${stdout}\n${stderr}`);
		return stdout;
	}

	async parts(): Promise<PartStatus[]> {
		return JSON.parse((await this.command("status", "--json")).stdout).parts;
	}

	async part(name: string): Promise<PartStatus> {
		const part = (await this.parts()).find((one) => one.name === name);
		if (part === undefined) throw new Error(`no part ${name}`);
		return part;
	}

	/** Stops everything and removes the state, whatever happened before. */
	async remove(): Promise<void> {
		await this.command("down", "--purge");
		this.#watcher?.stdin?.end("\n");
		this.#watcher = undefined;
		rmSync(this.stateDir, { recursive: true, force: true });
	}
}

/**
 * Runs the `fireworks` command on a stream that the test started itself. The environment names the
 * brokers.
 */
export const command = (
	environment: Record<string, string>,
	...words: string[]
): Promise<CommandResult> =>
	run(process.execPath, [COMMAND, ...words], environment);

/**
 * The system is detached and outlives its test, which may be cut off at any moment. So a watcher
 * stops the system when it notices the end of a pipe that only this process holds. A line on the
 * pipe ends only the watcher.
 */
function downWithUs(
	cli: string,
	environment: Record<string, string>,
): ChildProcess {
	const watcher = spawn(
		"sh",
		[
			...["-c", 'read -r _ || exec "$0" "$@"'],
			...[process.execPath, cli, "down", "--purge"],
		],
		{
			env: { ...process.env, ...environment },
			stdio: ["pipe", "ignore", "ignore"],
			// Ctrl-C in a terminal goes to the whole process group.
			detached: true,
		},
	);
	watcher.unref();
	(watcher.stdin as Socket | null)?.unref();
	watcher.stdin?.on("error", () => {});
	return watcher;
}

export function run(
	file: string,
	args: string[],
	environment: Record<string, string>,
): Promise<CommandResult> {
	const inherited = Object.fromEntries(
		Object.entries(process.env).filter(
			([name]) =>
				!name.startsWith("FIREWORKS_") || name === "FIREWORKS_CACHE_DIR",
		),
	);
	return new Promise((resolve) => {
		execFile(
			file,
			args,
			{
				env: { ...inherited, ...environment },
				timeout: RUN_TIMEOUT_MS,
				maxBuffer: 64 * 1_048_576,
			},
			(error, stdout, stderr) => {
				const code =
					error === null ? 0 : typeof error.code === "number" ? error.code : -1;
				resolve({ code, stdout, stderr });
			},
		);
	});
}
