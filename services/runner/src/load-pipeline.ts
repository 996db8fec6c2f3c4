/** Loads a pipeline from its folder. */
import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { EXIT } from "@fireworks/contracts";
import { isPipeline, type PipelineDefinition } from "@fireworks/pipeline";
import { ServiceExit } from "@fireworks/service-kit";

const ENTRY = "pipeline.ts";

/** The module of a folder or of a file. Throws ServiceExit config. */
function entryOf(path: string): string {
	const absolute = resolve(path);
	if (existsSync(absolute) && statSync(absolute).isFile()) return absolute;
	const entry = join(absolute, ENTRY);
	if (existsSync(entry)) return entry;
	throw new ServiceExit(
		EXIT.config,
		`${absolute} is not a pipeline: it needs ${ENTRY}`,
	);
}

/** The pipeline of a folder or of a file. Throws ServiceExit config. */
export async function loadPipeline(path: string): Promise<PipelineDefinition> {
	const entry = entryOf(path);
	return importPipeline(entry, () => import(pathToFileURL(entry).href));
}

/**
 * The pipeline that a module exports. entry: the module's name in errors. Throws ServiceExit config
 * if the module does not load: a restart would not help.
 */
export async function importPipeline(
	entry: string,
	importModule: () => Promise<{ default?: unknown }>,
): Promise<PipelineDefinition> {
	let pipeline: unknown;
	try {
		({ default: pipeline } = await importModule());
	} catch (error) {
		throw new ServiceExit(
			EXIT.config,
			`${entry} does not load: ${(error as Error).message}`,
			{ cause: error },
		);
	}
	if (isPipeline(pipeline)) return pipeline;
	const foreign = Array.isArray((pipeline as { streams?: unknown })?.streams);
	throw new ServiceExit(
		EXIT.config,
		foreign
			? `${entry} uses another copy of @fireworks/pipeline than the runner: start the runner from services/runner/src/main.ts`
			: `${entry} has no pipeline as its default export: export default definePipeline({ ... })`,
	);
}
