/**
 * A tool of others (kind, helm, docker) as a child process: bounded in time, its last words shown where it fails.
 *
 * It gets a process group of its own, so that Ctrl-C does not tear a Helm release or a cluster apart half way: the tool is let finish
 * (helm), or asked to end by `signal`.
 */
import { spawn } from "node:child_process";
import { CLI_EXIT, CliError } from "./exit-codes.ts";

const OUTPUT_CHARACTERS_MAX = 20_000_000;
const LINES_SHOWN = 15;
const KILL_AFTER_MS = 5_000;

export interface ToolRun {
	timeoutMs: number;
	/** Its whole environment; default: ours. */
	env?: NodeJS.ProcessEnv;
	/** Given on its stdin. */
	input?: string;
	/** Aborted: SIGTERM, then SIGKILL. */
	signal?: AbortSignal;
	/** Each line of its stderr as it comes. */
	onLine?: (line: string) => void;
}

/** How a tool ended that was there to be run. */
export interface ToolResult {
	/** null where a signal ended it. */
	code: number | null;
	stdout: string;
	stderr: string;
	timedOut: boolean;
}

/** What to do where a tool is not there. */
const MISSING: Record<string, string> = {
	docker: "Install Docker (https://docs.docker.com/get-docker/)",
	kind: "Install kind (https://kind.sigs.k8s.io), or run `sh bootstrap.sh`, whose devcontainer has it",
	helm: "Install Helm 3 (https://helm.sh/docs/intro/install/), or run `sh bootstrap.sh`, whose devcontainer has it",
};

/** Runs it and says how it ended. Throws CliError where it cannot be started at all. */
export function tryTool(
	tool: string,
	args: readonly string[],
	{ timeoutMs, env, input, signal, onLine }: ToolRun,
): Promise<ToolResult> {
	return new Promise((resolve, reject) => {
		const child = spawn(tool, args, {
			env: env ?? process.env,
			detached: true,
			stdio: ["pipe", "pipe", "pipe"],
		});
		const result: ToolResult = {
			code: null,
			stdout: "",
			stderr: "",
			timedOut: false,
		};
		let killer: NodeJS.Timeout | undefined;
		const end = () => {
			child.kill("SIGTERM");
			killer ??= setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS);
		};
		const timer = setTimeout(() => {
			result.timedOut = true;
			end();
		}, timeoutMs);
		signal?.addEventListener("abort", end);
		if (signal?.aborted) end();
		const over = () => {
			clearTimeout(timer);
			clearTimeout(killer);
			signal?.removeEventListener("abort", end);
		};
		child.stdout.setEncoding("utf8").on("data", (text: string) => {
			if (result.stdout.length < OUTPUT_CHARACTERS_MAX) result.stdout += text;
		});
		let rest = "";
		child.stderr.setEncoding("utf8").on("data", (text: string) => {
			if (result.stderr.length < OUTPUT_CHARACTERS_MAX) result.stderr += text;
			const lines = (rest + text).split(/[\r\n]+/);
			rest = lines.pop() ?? "";
			if (onLine) lines.forEach(onLine);
		});
		// A tool that does not read its stdin to the end says by its exit code what it thinks of it.
		child.stdin.on("error", () => {});
		child.stdin.end(input ?? "");
		child.on("error", (error: NodeJS.ErrnoException) => {
			over();
			reject(
				new CliError(
					CLI_EXIT.failure,
					error.code === "ENOENT"
						? `\`${tool}\` is not installed, or not in PATH.\n  What to do: ${MISSING[tool] ?? `install ${tool}`}.`
						: `\`${tool}\` cannot be run: ${error.message}`,
					{ cause: error },
				),
			);
		});
		child.on("close", (code) => {
			over();
			resolve({ ...result, code });
		});
	});
}

/** Its stdout. Throws CliError with the end of its stderr where it fails or takes too long. */
export async function runTool(
	tool: string,
	args: readonly string[],
	run: ToolRun,
): Promise<string> {
	const result = await tryTool(tool, args, run);
	if (result.code === 0) return result.stdout;
	throw toolFailed(`${tool} ${args.slice(0, 3).join(" ")}`, result, run);
}

export function toolFailed(
	what: string,
	{ code, stdout, stderr, timedOut }: ToolResult,
	{ timeoutMs, signal }: Pick<ToolRun, "timeoutMs" | "signal">,
): CliError {
	if (signal?.aborted)
		return new CliError(CLI_EXIT.interrupted, `\`${what}\` was interrupted.`);
	const how = timedOut
		? `took more than ${timeoutMs / 1_000} s`
		: `failed (${code === null ? "killed" : `exit code ${code}`})`;
	const lines = (stderr.trim() || stdout.trim())
		.split("\n")
		.slice(-LINES_SHOWN)
		.map((line) => `  ${line}`);
	return new CliError(
		CLI_EXIT.failure,
		[`\`${what}\` ${how}.`, ...lines].join("\n"),
	);
}
