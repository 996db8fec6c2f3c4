/**
 * Stubs for programs that bootstrap.sh starts. They are first in PATH, record every call with its
 * arguments and the relevant variables, and answer as the test specifies. Nothing is built or
 * started.
 */
import {
	chmodSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("stub-program.mjs", import.meta.url));

export interface Call {
	readonly program: string;
	readonly args: readonly string[];
	/** FIREWORKS_*, DOCKER_*, KUBECONFIG and the proxy variables. */
	readonly env: Readonly<Record<string, string>>;
	readonly cwd: string;
}

export interface Rule {
	/** A regular expression for "program arg arg ...". The first matching rule is used. */
	readonly match: string;
	readonly code?: number;
	readonly stdout?: string;
	readonly stderr?: string;
	/** Answers only once this file exists. */
	readonly waitsFor?: string;
	/** Answers as without a rule, after `waitsFor`. */
	readonly thenDefault?: boolean;
}

/** The state of the fake Docker engine. */
export interface DockerState {
	images: string[];
	containers: Record<
		string,
		{
			state: string;
			labels: Record<string, string>;
			image: string;
			files?: string[];
		}
	>;
	/** Labels by the volume's name. */
	volumes: Record<string, Record<string, string>>;
}

export class Stubs {
	/** Put this first in PATH. */
	readonly bin: string;
	readonly #folder: string;

	constructor(programs: readonly string[] = ["docker"]) {
		this.#folder = mkdtempSync(join(tmpdir(), "fireworks-stubs-"));
		this.bin = join(this.#folder, "bin");
		mkdirSync(this.bin);
		for (const program of programs) {
			const file = join(this.bin, program);
			// The absolute path of this Node: a test's PATH may not contain one.
			const line = [process.execPath, PROGRAM, this.#folder, program].map(
				quote,
			);
			writeFileSync(file, `#!/bin/sh\nexec ${line.join(" ")} "$@"\n`);
			chmodSync(file, 0o755);
		}
		this.docker = { images: [], containers: {}, volumes: {} };
		this.answer();
		this.forget();
	}

	/** Replaces the rules. */
	answer(...rules: Rule[]): void {
		writeFileSync(join(this.#folder, "rules.json"), JSON.stringify(rules));
	}

	get docker(): DockerState {
		return JSON.parse(readFileSync(this.#dockerFile, "utf8"));
	}
	set docker(state: DockerState) {
		writeFileSync(this.#dockerFile, JSON.stringify(state));
	}
	get #dockerFile(): string {
		return join(this.#folder, "docker.json");
	}

	/**
	 * All calls since the start or the last `forget`. With an argument: only calls whose first
	 * argument is that one.
	 */
	calls(program?: string, firstArgument?: string): Call[] {
		return readFileSync(join(this.#folder, "calls.jsonl"), "utf8")
			.split("\n")
			.filter(Boolean)
			.map((line): Call => JSON.parse(line))
			.filter(
				(call) =>
					(program === undefined || call.program === program) &&
					(firstArgument === undefined || call.args[0] === firstArgument),
			);
	}

	forget(): void {
		writeFileSync(join(this.#folder, "calls.jsonl"), "");
	}

	remove(): void {
		rmSync(this.#folder, { recursive: true, force: true });
	}
}

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
