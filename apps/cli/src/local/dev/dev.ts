/**
 * `fireworks dev`: runs the local system, and restarts a pipeline whenever its files have changed.
 * Its states stay, and the old process has ended before the new one starts. While the files do not
 * build or load, the last good version goes on.
 *
 * The files are looked at again and again. File events do not come through every mount (Docker
 * Desktop), and a pipeline has few files.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { CLI_EXIT, CliError, type CliExit } from "../../exit-codes.ts";
import type { Target, UpOptions } from "../../target.ts";
import { duration } from "../../ui/format.ts";
import {
	checkNamed,
	findPipelines,
	type Pipeline,
	toStart,
} from "../pipelines/find.ts";
import { sourcesOf } from "../pipelines/sources.ts";
import { restart } from "../restart.ts";
import { buildProblem } from "./build-problem.ts";
import { typeErrors } from "./type-errors.ts";

const LOOK_MS = 200;

export interface DevOptions
	extends Omit<UpOptions, "detach" | "pipelines" | "parts"> {
	/** undefined: every pipeline that `up` starts. */
	pipeline: string | undefined;
}

/** Returns when `over` is aborted. Throws CliError if the system cannot be started. */
export async function dev(
	{ pipeline, ...options }: DevOptions,
	target: Target,
	over: AbortSignal,
): Promise<CliExit> {
	const found = findPipelines();
	const named = pipeline === undefined ? [] : [pipeline];
	checkNamed(found, named);
	const watched = toStart(found, named).filter(
		({ name }) => pipeline === undefined || name === pipeline,
	);
	if (watched.length === 0)
		throw new CliError(
			CLI_EXIT.usage,
			"There is no pipeline to watch. Make one: `fireworks new NAME`",
		);
	const seen = watched.map(({ folder }) => sourcesOf(folder));
	const code = await target.up({
		...options,
		pipelines: named,
		parts: [],
		detach: true,
	});
	if (code !== CLI_EXIT.ok) return code;
	const names = watched.map(({ name }) => `pipelines/${name}`).join(", ");
	console.log(`Watching ${names}. Ctrl-C ends the watching.`);
	for (const one of watched) await showTypes(one, over);
	while (!over.aborted) {
		for (const [i, one] of watched.entries()) {
			const now = sourcesOf(one.folder);
			if (now === seen[i]) continue;
			seen[i] = now;
			if (now === "") console.log(`pipelines/${one.name} is gone.`);
			else await takeOver(one, options.timeoutMs, over);
		}
		await sleep(LOOK_MS, undefined, { signal: over }).catch(() => {});
	}
	console.log("The system stays up: `fireworks down` stops it.");
	return CLI_EXIT.ok;
}

/** Runs the new version, if it builds and loads. */
async function takeOver(
	pipeline: Pipeline,
	timeoutMs: number,
	over: AbortSignal,
): Promise<void> {
	const { name } = pipeline;
	const began = performance.now();
	const problem = await buildProblem(pipeline, over);
	if (over.aborted) return;
	if (problem !== undefined) {
		console.log(
			`✗ ${name} has changed, and does not build. The last good version goes on.\n${problem}`,
		);
		return;
	}
	try {
		await restart({ part: name, timeoutMs });
		console.log(
			`✓ ${name} runs as it is now, ${duration(performance.now() - began)} after the change was seen`,
		);
	} catch (error) {
		if (!(error instanceof CliError)) throw error;
		console.log(`✗ ${error.message}`);
	}
	await showTypes(pipeline, over);
}

/** Types are checked last: the program runs without them, and the check takes seconds. */
async function showTypes(pipeline: Pipeline, over: AbortSignal): Promise<void> {
	const errors = await typeErrors(pipeline, over);
	if (errors !== "") console.log(`! ${errors}`);
}
