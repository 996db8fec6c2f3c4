/** The whole local system by its command, in a state folder and on ports of its own. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "@fireworks/local-kafka";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const COMMAND = join(ROOT, "apps/cli/dist/main.js");
const RUN_TIMEOUT_MS = 200_000;

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

	private constructor(
		environment: Record<string, string>,
		ports: System["ports"],
	) {
		this.environment = environment;
		this.ports = ports;
	}

	/** Free ports and an empty state folder; nothing runs yet. extra: further variables. */
	static async create(extra: Record<string, string> = {}): Promise<System> {
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
			// Where Docker answers, bootstrap.sh would make a cluster.
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
		return new System(environment, ports);
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

	/** The `fireworks` command with these words; does not throw for its exit code. */
	command(...words: string[]): Promise<CommandResult> {
		return run(process.execPath, [COMMAND, ...words], this.environment);
	}

	/** `sh bootstrap.sh` with these words. */
	bootstrap(...words: string[]): Promise<CommandResult> {
		return run("sh", [join(ROOT, "bootstrap.sh"), ...words], this.environment);
	}

	async up(): Promise<void> {
		const { code, stdout, stderr } = await this.command("up", "--detach");
		if (code !== 0)
			throw new Error(`up ended with ${code}\n${stdout}\n${stderr}`);
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
		rmSync(this.stateDir, { recursive: true, force: true });
	}
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
