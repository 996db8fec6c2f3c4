/**
 * A copy of this tree as a user has it after `git clone`. It runs bootstrap.sh there with a clean
 * environment.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	realpathSync,
	rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

export interface Ended {
	readonly code: number | null;
	readonly signal: NodeJS.Signals | null;
	readonly stdout: string;
	readonly stderr: string;
}

export interface BootstrapOptions {
	/** Variables in addition to HOME, PATH and TERM; undefined removes one. */
	readonly env?: Readonly<Record<string, string | undefined>>;
	/** Folders to put first in PATH, before the system's own. */
	readonly path?: readonly string[];
	readonly cwd?: string;
	readonly timeoutMs?: number;
}

export class Clone {
	/** The clone's folder. */
	readonly root: string;
	/** An empty home folder. */
	readonly home: string;
	readonly #above: string;

	/** name: the folder's name, for paths that are hard to quote. */
	constructor(name = "clone") {
		// The real path, because bootstrap.sh prints `pwd -P`.
		this.#above = realpathSync(
			mkdtempSync(join(tmpdir(), "fireworks-bootstrap-")),
		);
		this.root = join(this.#above, name);
		this.home = join(this.#above, "home");
		mkdirSync(this.home);
		const files = execFileSync(
			"git",
			["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
			{ cwd: ROOT, encoding: "utf8", maxBuffer: 64e6 },
		);
		for (const file of files.split("\0").filter(Boolean)) {
			if (!existsSync(join(ROOT, file))) continue;
			mkdirSync(dirname(join(this.root, file)), { recursive: true });
			cpSync(join(ROOT, file), join(this.root, file), {
				recursive: true,
				verbatimSymlinks: true,
			});
		}
	}

	/**
	 * Restores the initial state, except for changed sources. A new copy takes longer than most
	 * tests.
	 */
	forget(): void {
		for (const made of [".fireworks", "apps/cli/dist"])
			rmSync(join(this.root, made), { recursive: true, force: true });
		rmSync(this.home, { recursive: true, force: true });
		mkdirSync(this.home);
	}

	start(args: readonly string[], options: BootstrapOptions = {}): ChildProcess {
		const path = [...(options.path ?? []), "/usr/bin", "/bin"].join(":");
		const env = { HOME: this.home, PATH: path, TERM: "dumb", ...options.env };
		return spawn("sh", [join(this.root, "bootstrap.sh"), ...args], {
			cwd: options.cwd ?? this.root,
			env: Object.fromEntries(
				Object.entries(env).filter(([, value]) => value !== undefined),
			) as NodeJS.ProcessEnv,
			stdio: ["ignore", "pipe", "pipe"],
			timeout: options.timeoutMs ?? 60_000,
		});
	}

	async run(
		args: readonly string[],
		options: BootstrapOptions = {},
	): Promise<Ended> {
		return ended(this.start(args, options));
	}

	remove(): void {
		rmSync(this.#above, { recursive: true, force: true });
	}
}

/** Waits for its end. Returns everything that it printed. */
export async function ended(child: ChildProcess): Promise<Ended> {
	let stdout = "";
	let stderr = "";
	child.stdout?.on("data", (chunk) => {
		stdout += chunk;
	});
	child.stderr?.on("data", (chunk) => {
		stderr += chunk;
	});
	const [code, signal] = await once(child, "close");
	return { code, signal, stdout, stderr };
}
