/**
 * Runs an external tool (kind, helm, docker) as a child process with a time limit. An error shows
 * the end of the tool's output.
 *
 * Ctrl-C cannot interrupt it half way through a Helm release or a cluster, because it has its own
 * process group. It either finishes (helm) or is stopped by `signal`.
 */
import { CLI_EXIT, CliError } from "./exit-codes.ts";
import { endChild, startProcess } from "./process/process.ts";
import { toolEnvironment } from "./proxy.ts";

const OUTPUT_CHARACTERS_MAX = 20_000_000;
const LINES_SHOWN = 15;
const KILL_AFTER_MS = 5_000;

export interface ToolRun {
	timeoutMs: number;
	/** Its working folder; default: ours. */
	cwd?: string;
	/** Its whole environment; default: ours, with the cluster's hosts in NO_PROXY. */
	env?: NodeJS.ProcessEnv;
	/** Written to its stdin. */
	input?: string;
	/** A file that it reads on its stdin instead. */
	inputFile?: string;
	/** When aborted: SIGTERM, then SIGKILL. */
	signal?: AbortSignal;
	/** Called with each line of its stderr as it comes. */
	onLine?: (line: string) => void;
}

/** How a tool that could be started ended. */
export interface ToolResult {
	/** null if a signal ended it. */
	code: number | null;
	stdout: string;
	stderr: string;
	timedOut: boolean;
}

/** How to install a tool that is missing. */
const MISSING: Record<string, string> = {
	docker: "Install Docker (https://docs.docker.com/get-docker/)",
	kind: "Install kind (https://kind.sigs.k8s.io), or run `sh bootstrap.sh`, whose devcontainer has it",
	helm: "Install Helm 3 (https://helm.sh/docs/intro/install/), or run `sh bootstrap.sh`, whose devcontainer has it",
};

/** Runs the tool and returns how it ended. Throws CliError if it cannot be started at all. */
export async function tryTool(
	tool: string,
	args: readonly string[],
	{ timeoutMs, cwd, env, input, inputFile, signal, onLine }: ToolRun,
): Promise<ToolResult> {
	const { child, exited } = startProcess({
		file: tool,
		args,
		env: env ?? toolEnvironment(),
		...(cwd === undefined ? {} : { cwd }),
		...(inputFile === undefined ? { input: input ?? "" } : { inputFile }),
	});
	const result = { stdout: "", stderr: "", timedOut: false };
	child.stdout?.setEncoding("utf8").on("data", (text: string) => {
		if (result.stdout.length < OUTPUT_CHARACTERS_MAX) result.stdout += text;
	});
	let rest = "";
	child.stderr?.setEncoding("utf8").on("data", (text: string) => {
		if (result.stderr.length < OUTPUT_CHARACTERS_MAX) result.stderr += text;
		const lines = (rest + text).split(/[\r\n]+/);
		rest = lines.pop() ?? "";
		if (onLine) lines.forEach(onLine);
	});
	const end = () => void endChild(child, KILL_AFTER_MS);
	const timer = setTimeout(() => {
		result.timedOut = true;
		end();
	}, timeoutMs);
	signal?.addEventListener("abort", end);
	if (signal?.aborted) end();
	try {
		const { code } = await exited;
		return { ...result, code };
	} catch (error) {
		const { code, message } = error as NodeJS.ErrnoException;
		throw new CliError(
			CLI_EXIT.failure,
			code === "ENOENT"
				? `\`${tool}\` is not installed, or not in PATH.\n  What to do: ${MISSING[tool] ?? `install ${tool}`}.`
				: `\`${tool}\` cannot be run: ${message}`,
			{ cause: error },
		);
	} finally {
		clearTimeout(timer);
		signal?.removeEventListener("abort", end);
	}
}

/** Returns its stdout. Throws CliError with the end of its stderr if it fails or takes too long. */
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
