/**
 * The main function of a pipeline's bundle: scripts/build.ts bundles the runner with the pipeline's
 * folder. The bundle has one copy of each package, starts sooner than the sources, and needs less
 * memory.
 */
import { EXIT } from "@fireworks/contracts";
import type { PipelineDefinition } from "@fireworks/pipeline";
import { ServiceExit } from "@fireworks/service-kit";
import { importPipeline } from "./load-pipeline.ts";
import { runPipeline } from "./run-pipeline.ts";
import { runnerArguments } from "./runner-arguments.ts";

/** Only looks whether the pipeline loads. `fireworks dev` asks before it stops the running one. */
const CHECK = "--check";

/** folder: the name of the pipeline's folder, which must be its own name as well. */
export async function runBundled(
	folder: string,
	importModule: () => Promise<{ default?: unknown }>,
): Promise<void> {
	const load = async (): Promise<PipelineDefinition> => {
		const entry = `pipelines/${folder}/pipeline.ts`;
		const pipeline = await importPipeline(entry, importModule);
		// A copied folder whose names were not changed would take over the stages of the original.
		if (pipeline.name !== folder)
			throw new ServiceExit(
				EXIT.config,
				`${entry} defines the pipeline "${pipeline.name}": give it the name of its folder, "${folder}", and its stages, sources and streams names of their own`,
			);
		return pipeline;
	};
	if (process.argv.includes(CHECK)) return check(load);
	return runPipeline(async () => {
		const { options } = runnerArguments([]);
		return { pipeline: await load(), ...options };
	});
}

/** Loads the pipeline, and says what is wrong with it. */
async function check(load: () => Promise<unknown>): Promise<void> {
	try {
		await load();
	} catch (error) {
		console.error((error as Error).message);
		process.exitCode = EXIT.config;
	}
}
