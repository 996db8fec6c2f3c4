/**
 * The part of a pipeline: bundles its folder with the runner, then runs the bundle. So each start,
 * and each `restart NAME`, runs the sources as they are now, and an error in them is the error of
 * this part only.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Environment, variableOf } from "@fireworks/contracts";
import { freePort } from "@fireworks/local-kafka";
import { UnrecoverableError } from "@fireworks/programs";
import { bundle, bundleOf } from "../pipelines/bundle.ts";
import { PIPELINE_FILE, PIPELINES, type Pipeline } from "../pipelines/find.ts";
import { sourcesOf } from "../pipelines/sources.ts";
import { reachable } from "./http-probe.ts";
import type { PartDefinition } from "./part.ts";
import { runProgram } from "./process-part.ts";

export interface PipelineSystem {
	/** The address that the parts listen on. */
	host: string;
	/** The environment of the parts. */
	env: Environment;
	graceMs: number;
}

export function pipelinePart(
	pipeline: Pipeline,
	{ host, env, graceMs }: PipelineSystem,
): PartDefinition {
	let port: number | undefined;
	let sources = "";
	return {
		name: pipeline.name,
		/** Another free port for each run, so that a port that was taken meanwhile does no harm. */
		get ports() {
			return port === undefined ? {} : { http: port };
		},
		get pipeline() {
			return { sources };
		},
		graceMs,
		async run(run) {
			checkFolder(pipeline);
			// Taken before the build: a file that changes during the build counts as changed.
			sources = sourcesOf(pipeline.folder);
			const built = await bundle(pipeline, env, run);
			if (built.code !== 0 || run.signal.aborted) return built;
			port = await freePort();
			return runProgram(
				{
					args: [bundleOf(pipeline), "--end-if-idle"],
					env: { ...env, [variableOf("stagePort")]: String(port) },
					healthUrl: `http://${reachable(host)}:${port}`,
				},
				run,
			);
		},
	};
}

function checkFolder({ name, folder }: Pipeline): void {
	if (!existsSync(join(folder, PIPELINE_FILE)))
		throw new UnrecoverableError(
			`${PIPELINES}/${name} is gone: \`fireworks down\` and \`fireworks up\` forget it`,
		);
	if (!hasPackages(folder))
		throw new UnrecoverableError(
			`the packages of ${PIPELINES}/${name} are not installed: \`pnpm install\` (\`sh bootstrap.sh shell\` has pnpm), then \`fireworks restart ${name}\``,
		);
}

/** Installed: the packages of all pipelines, and those of its own package.json. */
function hasPackages(folder: string): boolean {
	const installed = (at: string) => existsSync(join(at, "node_modules"));
	const own = join(folder, "package.json");
	const { dependencies = {} } = (
		existsSync(own) ? JSON.parse(readFileSync(own, "utf8")) : {}
	) as { dependencies?: object };
	return (
		installed(dirname(folder)) &&
		(Object.keys(dependencies).length === 0 || installed(folder))
	);
}
