/** The target `local`: the parts are processes of this machine. */
import { existsSync } from "node:fs";
import { variableOf } from "@fireworks/contracts";
import {
	forget,
	type Memory,
	recall,
	remember,
	rememberable,
} from "../commands/memory.ts";
import { CliError } from "../exit-codes.ts";
import { optionalVariables } from "../optional-parts.ts";
import { requireStateFolder } from "../preflight/state-folder.ts";
import type { StateFolder } from "../project.ts";
import { stateFolderOf } from "../settings.ts";
import type { Target, UpOptions } from "../target.ts";
import { audit } from "./audit.ts";
import { doctor } from "./doctor.ts";
import { down } from "./down.ts";
import { lakeVariables } from "./lake/lake-variables.ts";
import { logs } from "./logs.ts";
import { reset } from "./reset.ts";
import { restart } from "./restart.ts";
import { status } from "./status.ts";
import { up } from "./up.ts";

export const localTarget: Target = {
	up(options) {
		const { pipelines, variables } = rememberUp(options);
		return up({ ...options, pipelines }, variables);
	},
	status,
	logs,
	doctor,
	audit,
	reset,
	restart,
	async down(options) {
		const folder = stateFolderOf(process.env);
		if (existsSync(folder.root)) requireStateFolder(folder);
		if (recall(folder)?.target === "local") forget(folder);
		return down(options);
	},
};

/** A file that cannot be read is written again by this `up`. */
function earlierUp(folder: StateFolder): Memory | undefined {
	try {
		const memory = recall(folder);
		return memory?.target === "local" ? memory : undefined;
	} catch (error) {
		if (error instanceof CliError) return undefined;
		throw error;
	}
}

/**
 * Done before anything can fail, so that `doctor` and the others look at what was asked for.
 * Returns the pipelines that were named, now or before, and the variables that follow from the
 * options. Throws CliError if the state folder is not writable.
 */
function rememberUp(options: UpOptions) {
	const { engine, compare, parts } = options;
	const folder = stateFolderOf(process.env);
	requireStateFolder(folder);
	const before = earlierUp(folder);
	const named = [...(before?.pipelines ?? []), ...options.pipelines];
	const pipelines = [...new Set(named)];
	const lake = options.lake ?? before?.lake ?? false;
	const variables = {
		[variableOf("engine")]: engine,
		[variableOf("compareEngine")]: compare,
		...optionalVariables(parts, process.env, before?.settings),
		...lakeVariables(lake),
	};
	remember(folder, {
		version: 1,
		target: "local",
		context: null,
		making: null,
		pipelines,
		lake,
		settings: { ...rememberable(process.env), ...variables },
	});
	return { pipelines, variables };
}
