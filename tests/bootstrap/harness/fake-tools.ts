/**
 * Stubs for node, npm, pnpm and java, so a whole `sh bootstrap.sh --local` takes only a moment.
 * They create the same files as the real tools. They can hang in one step while writing into the
 * clone, as the real ones do.
 */
import { type ChildProcess, spawn } from "node:child_process";
import {
	chmodSync,
	chownSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Clone, type Ended, ended } from "./clone.ts";

/** The slow steps of the local path. */
export const STEPS = [
	"fetch-node",
	"fetch-pnpm",
	"install",
	"build",
	"page",
	"jars",
] as const;
export type Step = (typeof STEPS)[number];

/**
 * Code that all stubs share. `step NAME FOLDER` records that the step runs, and hangs if the test
 * asked for that.
 */
const COMMON = `
step() {
	echo "$1" >>"$FAKE/steps"
	[ "$(cat "$FAKE/hang" 2>/dev/null)" = "$1" ] || return 0
	sh -c 'echo $$ >>"$FAKE/hanging"; while :; do echo half >>"$1/half-made"; sleep 0.1; done' "$FAKE" "$2"
}
`;

const NODE = `
case $* in
--version) echo "v\${FAKE_NODE_VERSION:-24.21.0}" ;;
"-e "*) ;;
scripts/build.ts)
	case $PWD in
	*/apps/dashboard) mkdir -p .next && step page .next && echo whole >.next/page ;;
	*) mkdir -p apps/cli/dist && step build apps/cli/dist && echo whole >apps/cli/dist/main.js ;;
	esac
	;;
*/fetch-jars.ts) step jars "$FIREWORKS_CACHE_DIR" ;;
*/main.js*) env >"$FAKE/env"; shift; echo "fireworks $*" ;;
esac
`;

const PNPM = `
case $1 in
--version) echo "\${FAKE_PNPM_VERSION:-10.34.9}" ;;
install) env >"$FAKE/env-of-pnpm"; mkdir -p node_modules && step install node_modules && echo whole >node_modules/packages ;;
esac
`;

/** Creates what npm creates for the package in its last argument. */
const NPM = `
case $1 in install) ;; *) exit 0 ;; esac
for last in "$@"; do :; done
folder=$3
name=\${last%@*}
mkdir -p "$folder/node_modules/$name/bin" "$folder/node_modules/.bin"
case $name in
pnpm)
	step fetch-pnpm "$folder"
	cp "$FAKE/pnpm" "$folder/node_modules/.bin/pnpm"
	: >"$folder/node_modules/pnpm/bin/pnpm.cjs"
	;;
*)
	step fetch-node "$folder"
	sed 's/\${FAKE_NODE_VERSION:-24.21.0}/24.21.0/' "$FAKE/node" >"$folder/node_modules/$name/bin/node"
	chmod 755 "$folder/node_modules/$name/bin/node"
	;;
esac
`;

const JAVA = `echo 'openjdk version "21.0.4" 2024-07-16' >&2`;

export interface RunOptions {
	/** Variables; undefined removes one. */
	env?: Readonly<Record<string, string | undefined>>;
	cwd?: string;
	/** Its standard input, which is never a terminal; default: empty. */
	input?: string;
	/** The user who runs it, if the tests run as root. */
	uid?: number;
}

export class FakeTools {
	readonly folder: string;

	constructor() {
		this.folder = mkdtempSync(join(tmpdir(), "fireworks-fake-"));
		chmodSync(this.folder, 0o777);
		mkdirSync(join(this.folder, "bin"));
		this.program("node", NODE);
		this.program("npm", NPM);
		this.program("pnpm", PNPM);
		this.program("java", JAVA);
		// The machine may have Docker, but these tests are about the path without it.
		this.program("docker", "exit 1");
	}

	/** Writes a program into the folder that is first in PATH. */
	program(name: string, body: string): string {
		const text = `#!/bin/sh\n${COMMON}${body}\n`;
		const file = join(this.folder, "bin", name);
		for (const path of [file, join(this.folder, name)]) {
			writeFileSync(path, text);
			chmodSync(path, 0o755);
		}
		return file;
	}

	/** Hangs in this step from now on; undefined: in no step. */
	hangAt(step: Step | undefined): void {
		writeFileSync(join(this.folder, "hang"), step ?? "");
	}

	/** The steps that ran since the last call. */
	takeSteps(): string[] {
		const steps = this.read("steps").split("\n").filter(Boolean);
		writeFileSync(join(this.folder, "steps"), "");
		chmodSync(join(this.folder, "steps"), 0o666);
		return steps;
	}

	/** Process ids of the programs that hang or hung. */
	hanging(): number[] {
		return this.read("hanging").split("\n").filter(Boolean).map(Number);
	}

	/** Whether that program still hangs. Its process id may belong to another program by now. */
	hangs(pid: number): boolean {
		try {
			// A zombie has no command line.
			return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(this.folder);
		} catch {
			return false;
		}
	}

	/** The environment that a program received: `env` of the command, `env-of-pnpm`. */
	environment(name = "env"): Record<string, string> {
		return Object.fromEntries(
			this.read(name)
				.split("\n")
				.filter((line) => line.includes("="))
				.map((line) => {
					const at = line.indexOf("=");
					return [line.slice(0, at), line.slice(at + 1)];
				}),
		);
	}

	start(
		clone: Clone,
		args: readonly string[],
		{ env, cwd, input = "", uid }: RunOptions = {},
	): ChildProcess {
		const all = {
			HOME: clone.home,
			PATH: `${join(this.folder, "bin")}:/usr/bin:/bin`,
			TERM: "dumb",
			FAKE: this.folder,
			...env,
		};
		const child = spawn("sh", [join(clone.root, "bootstrap.sh"), ...args], {
			cwd: cwd ?? clone.root,
			env: Object.fromEntries(
				Object.entries(all).filter(([, value]) => value !== undefined),
			) as NodeJS.ProcessEnv,
			stdio: ["pipe", "pipe", "pipe"],
			timeout: 60_000,
			...(uid === undefined ? {} : { uid, gid: uid }),
		});
		// Most commands do not read their input.
		child.stdin.on("error", () => {}).end(input);
		return child;
	}

	run(
		clone: Clone,
		args: readonly string[],
		options?: RunOptions,
	): Promise<Ended> {
		return ended(this.start(clone, args, options));
	}

	remove(): void {
		rmSync(this.folder, { recursive: true, force: true });
	}

	private read(name: string): string {
		const file = join(this.folder, name);
		return existsSync(file) ? readFileSync(file, "utf8") : "";
	}
}

/** A user without an entry in the user database and without a home. */
export const STRANGER = 54_321;

/**
 * Gives paths to a user, and lets the user enter the folders above the clone. Needs root, which
 * these tests have.
 */
export function giveTo(uid: number, clone: Clone, ...paths: string[]): void {
	chmodSync(dirname(clone.root), 0o755);
	for (const path of paths) chownSync(path, uid, uid);
}
