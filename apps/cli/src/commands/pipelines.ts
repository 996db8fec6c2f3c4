/** The subcommands for a pipeline of one's own: new, dev, ingest. */
import { SETTINGS } from "@fireworks/contracts";
import { type Command, Option } from "commander";
import { CLI_EXIT } from "../exit-codes.ts";
import { dev } from "../local/dev/dev.ts";
import { localTarget } from "../local/target.ts";
import { seconds } from "./arguments.ts";
import {
	lakeAsked,
	requireLocal,
	START_TIMEOUT_MS,
	targetName,
} from "./choose.ts";
import { ingest } from "./ingest.ts";
import { newPipeline, TEMPLATES } from "./new-pipeline.ts";
import { onTarget } from "./on-target.ts";
import { stopSignals } from "./stop-signals.ts";

/** Adds the subcommands. done: receives the exit code. */
export function addPipelineCommands(
	program: Command,
	done: (exit: number) => void,
): void {
	onTarget(program.command("new"))
		.argument("<name>", "of the pipeline, such as my-sensors")
		.description(
			"make a pipeline of your own, pipelines/NAME, with streams, stages and a test",
		)
		.addOption(
			new Option("--template <template>", "what it begins with")
				.choices(TEMPLATES)
				.default("window"),
		)
		.action((name, o) => {
			done(newPipeline(name, o.template));
		});

	onTarget(program.command("dev"))
		.argument("[name]", "of the pipeline (default: all that `up` starts)")
		.description(
			"run the local system, and restart a pipeline when its files change; its state stays",
		)
		.option(
			"--timeout <seconds>",
			"how long the parts may take to start (default: 180)",
			seconds,
		)
		.action(async (name, o) => {
			requireLocal(targetName(o));
			done(
				await dev(
					{
						pipeline: name,
						engine: process.env.FIREWORKS_ENGINE || SETTINGS.engine.default,
						compare:
							process.env.FIREWORKS_COMPARE_ENGINE ||
							SETTINGS.compareEngine.default,
						lake: lakeAsked(false, process.env),
						timeoutMs: o.timeout ? o.timeout * 1_000 : START_TIMEOUT_MS.local,
					},
					localTarget,
					stopSignals(() => process.exit(CLI_EXIT.interrupted)),
				),
			);
		});

	program
		.command("ingest")
		.description(
			"write the rows of a CSV, NDJSON or Parquet file to a stream, exactly once",
		)
		.argument("[args...]", "a file and its options; `ingest --help` lists them")
		// The program behind it reads its own options.
		.helpOption(false)
		.allowUnknownOption()
		.action(async (args) => {
			done(await ingest(args));
		});
}
