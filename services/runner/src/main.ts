/** `node services/runner/src/main.ts pipelines/NAME`, with the options of runner-arguments.ts. */
import { loadPipeline } from "./load-pipeline.ts";
import { runPipeline } from "./run-pipeline.ts";
import { runnerArguments } from "./runner-arguments.ts";

await runPipeline(async () => {
	const { positionals, options } = runnerArguments(["pipelines/NAME"]);
	return { pipeline: await loadPipeline(positionals[0] as string), ...options };
});
