/** Builds the bundle of a pipeline and loads it, without running it. */
import { execFile } from "node:child_process";
import { UnrecoverableError } from "@fireworks/programs";
import { ROOT } from "../../project.ts";
import { bundle, bundleOf } from "../pipelines/bundle.ts";
import type { Pipeline } from "../pipelines/find.ts";

const LOAD_MAX_MS = 60_000;
const LINES_SHOWN = 20;

/**
 * What is wrong, for people; undefined: it builds and loads. The supervisor, which builds as well,
 * then finds the bundle up to date.
 */
export async function buildProblem(
	pipeline: Pipeline,
	signal: AbortSignal,
): Promise<string | undefined> {
	const lines: string[] = [];
	try {
		const { code } = await bundle(pipeline, process.env, {
			onLine: (line) => lines.push(line),
			onSpawn: () => {},
		});
		if (code !== 0) return shown(lines.join("\n"));
	} catch (error) {
		if (!(error instanceof UnrecoverableError)) throw error;
		return shown(lines.join("\n") || error.message);
	}
	return loadProblem(pipeline, signal);
}

const loadProblem = (
	pipeline: Pipeline,
	signal: AbortSignal,
): Promise<string | undefined> =>
	new Promise((resolve) => {
		execFile(
			process.execPath,
			[bundleOf(pipeline), "--check"],
			{ cwd: ROOT, signal, timeout: LOAD_MAX_MS },
			(error, _stdout, stderr) =>
				resolve(error === null ? undefined : shown(stderr || error.message)),
		);
	});

const shown = (text: string): string =>
	text.trim().split("\n").slice(0, LINES_SHOWN).join("\n");
