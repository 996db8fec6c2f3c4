/** The command line of the runner. */
import { parseArgs } from "node:util";
import { EXIT } from "@fireworks/contracts";
import { ServiceExit } from "@fireworks/service-kit";
import type { LoadedPipeline } from "./run-pipeline.ts";

const OPTIONS = {
	"allow-incompatible": { type: "boolean", default: false },
	"end-if-idle": { type: "boolean", default: false },
} as const;

/** names: of the arguments before the options. Throws ServiceExit config with the usage. */
export function runnerArguments(names: readonly string[]): {
	positionals: string[];
	options: Omit<LoadedPipeline, "pipeline">;
} {
	try {
		const { values, positionals } = parseArgs({
			args: process.argv.slice(2),
			allowPositionals: true,
			options: OPTIONS,
		});
		if (positionals.length === names.length)
			return {
				positionals,
				options: {
					allowIncompatible: values["allow-incompatible"],
					endIfIdle: values["end-if-idle"],
				},
			};
	} catch {
		// The usage below says what is right.
	}
	const usage = [...names, ...Object.keys(OPTIONS).map((o) => `[--${o}]`)];
	throw new ServiceExit(EXIT.config, `usage: runner ${usage.join(" ")}`);
}
