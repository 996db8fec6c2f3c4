/** docker and kind as child processes: output in full to a log file where there is one, its end in the error where it fails. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";

/** What failed, and the end of its output. */
export class ImageError extends Error {
	override name = "ImageError";
}

const TAIL_LINES = 30;
/** Of output that is kept for the caller and for the error. */
const KEPT_BYTES = 8 << 20;

export interface RunOptions {
	/** Also takes all of the output. */
	logFile?: string;
	cwd?: string;
}

/** Runs it to its end; returns what it printed on stdout. Throws ImageError where it ends with another code than 0, or is not there. */
export async function run(
	command: string,
	args: readonly string[],
	options: RunOptions = {},
): Promise<string> {
	const { logFile, cwd } = options;
	const child = spawn(command, args, {
		cwd,
		stdio: ["ignore", "pipe", "pipe"],
		env: { ...process.env, DOCKER_BUILDKIT: "1", BUILDKIT_PROGRESS: "plain" },
	});
	const log = logFile === undefined ? undefined : createWriteStream(logFile);
	let stdout = "";
	let all = "";
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding("utf8").on("data", (text: string) => {
			log?.write(text);
			if (stream === child.stdout) stdout = (stdout + text).slice(-KEPT_BYTES);
			all = (all + text).slice(-KEPT_BYTES);
		});
	}
	try {
		const [code, signal] = await once(child, "close");
		if (code === 0) return stdout;
		const end = all.trimEnd().split("\n").slice(-TAIL_LINES).join("\n");
		throw new ImageError(
			`${command} ${args[0]} failed (${signal ?? `exit code ${code}`}):\n${end}${logFile === undefined ? "" : `\nAll of its output: ${logFile}`}`,
		);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT")
			throw new ImageError(
				`There is no ${command} on PATH (or no folder ${cwd ?? "."})`,
				{ cause: error },
			);
		throw error;
	} finally {
		log?.end();
	}
}

/** Whether Docker has an image of this name. Throws ImageError where Docker itself does not answer. */
export async function hasImage(ref: string): Promise<boolean> {
	return (await run("docker", ["image", "ls", "--quiet", ref])).trim() !== "";
}
