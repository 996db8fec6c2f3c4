/** The bundle of a pipeline and the runner, which scripts/build.ts makes. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "@fireworks/contracts";
import type { ProcessExit } from "@fireworks/local-kafka";
import { UnrecoverableError } from "@fireworks/programs";
import { startProcess } from "../../process/process.ts";
import { ROOT } from "../../project.ts";
import type { ProcessRun } from "../supervisor/part.ts";
import { PIPELINES, type Pipeline } from "./find.ts";
import { checksum } from "./sources.ts";

export const bundleOf = ({ folder }: Pipeline): string =>
	join(folder, "dist/main.js");

/** Next to the bundle: the checksum of all that it was made of. */
const stampOf = ({ folder }: Pipeline) => join(folder, "dist/sources");

/** All that is in a bundle, except npm packages, which the lockfile stands for. */
const inputsOf = ({ folder }: Pipeline): string =>
	checksum([
		folder,
		...[
			"packages",
			"services/runner",
			"scripts/build.ts",
			"pnpm-lock.yaml",
		].map((path) => join(ROOT, path)),
	]);

const BUILD_ERROR = /\[ERROR\]\s*(.*)/;
const BUILD_PLACE = /^\s+(\S+:\d+:\d+):$/;

/**
 * Builds the bundle, unless it is up to date. Returns how the build ended; exit code 0 means that
 * the bundle can run. Throws UnrecoverableError with the first error if the pipeline does not
 * build.
 */
export async function bundle(
	pipeline: Pipeline,
	env: Environment,
	run: Pick<ProcessRun, "onLine" | "onSpawn">,
): Promise<ProcessExit> {
	// Taken before the build: a file that changes meanwhile is built next time.
	const inputs = inputsOf(pipeline);
	if (inputs !== "" && inputs === stamped(pipeline))
		return { code: 0, signal: null };
	let error: string | undefined;
	let place: string | undefined;
	const { child, exited } = startProcess({
		file: process.execPath,
		args: [join(ROOT, "scripts/build.ts"), `${PIPELINES}/${pipeline.name}`],
		env,
		cwd: ROOT,
		onLine: (line) => {
			error ??= BUILD_ERROR.exec(line)?.[1];
			place ??= BUILD_PLACE.exec(line)?.[1];
			run.onLine(line);
		},
	});
	if (child.pid !== undefined) run.onSpawn(child);
	const exit = await exited;
	if (exit.code === 0) writeFileSync(stampOf(pipeline), inputs);
	else if (error !== undefined) {
		const where = place === undefined ? "" : `${place}: `;
		throw new UnrecoverableError(`it does not build: ${where}${error}`);
	}
	return exit;
}

function stamped(pipeline: Pipeline): string | undefined {
	return existsSync(bundleOf(pipeline)) && existsSync(stampOf(pipeline))
		? readFileSync(stampOf(pipeline), "utf8")
		: undefined;
}
