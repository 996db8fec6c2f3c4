/** Runs a command and measures its time. Returns its output and exit code. */
import { spawn } from "node:child_process";
import { once } from "node:events";

export interface Ended {
	code: number;
	stdout: string;
	/** Standard output and error combined, in order as far as known. */
	output: string;
	ms: number;
}

export interface RunOptions {
	cwd?: string;
	env?: NodeJS.ProcessEnv;
	timeoutMs?: number;
	input?: string;
}

/**
 * Runs it to its end, or to its time-out (then the code is -1). Never throws if the command fails.
 */
export async function run(
	command: string,
	args: readonly string[],
	options: RunOptions = {},
): Promise<Ended> {
	const began = performance.now();
	const child = spawn(command, args, {
		cwd: options.cwd,
		env: options.env ?? process.env,
		stdio: ["pipe", "pipe", "pipe"],
		timeout: options.timeoutMs ?? 120_000,
	});
	let stdout = "";
	let output = "";
	child.stdout.on("data", (chunk) => {
		stdout += chunk;
		output += chunk;
	});
	child.stderr.on("data", (chunk) => {
		output += chunk;
	});
	child.stdin.on("error", () => {});
	child.stdin.end(options.input ?? "");
	const [code] = (await once(child, "close")) as [number | null];
	return { code: code ?? -1, stdout, output, ms: performance.now() - began };
}

/**
 * The same, but if the command fails it throws an error with the whole output. Returns
 * its standard output.
 */
export async function must(
	command: string,
	args: readonly string[],
	options: RunOptions = {},
): Promise<string> {
	const { code, stdout, output } = await run(command, args, options);
	if (code !== 0)
		throw new Error(
			`${command} ${args.join(" ")} ended with ${code}:\n${output.slice(-4_000)}`,
		);
	return stdout;
}
