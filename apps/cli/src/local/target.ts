/** The target `local`: the parts are processes of this machine. */
import { existsSync } from "node:fs";
import { variableOf } from "@fireworks/contracts";
import { forget, recall, remember, rememberable } from "../commands/memory.ts";
import { CliError } from "../exit-codes.ts";
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
		return up({ ...options, ...rememberUp(options) });
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

/** What an earlier `up` was asked for. A file that cannot be read is written again by this `up`. */
function askedBefore(folder: StateFolder): Asked {
	try {
		const memory = recall(folder);
		const { pipelines = [], lake = false } =
			memory?.target === "local" ? memory : {};
		return { pipelines, lake };
	} catch (error) {
		if (error instanceof CliError) return { pipelines: [], lake: false };
		throw error;
	}
}

interface Asked {
	pipelines: readonly string[];
	lake: boolean;
}

/**
 * Done before anything can fail, so that `doctor` and the others look at what was asked for.
 * Returns the pipelines that were named, and whether the lake is on, now or before. Throws CliError
 * if the state folder is not writable.
 */
function rememberUp(options: UpOptions): Asked {
	const { engine, compare } = options;
	const folder = stateFolderOf(process.env);
	requireStateFolder(folder);
	const before = askedBefore(folder);
	const pipelines = [...new Set([...before.pipelines, ...options.pipelines])];
	const lake = options.lake ?? before.lake;
	remember(folder, {
		version: 1,
		target: "local",
		context: null,
		making: null,
		pipelines,
		lake,
		settings: {
			...rememberable(process.env),
			[variableOf("engine")]: engine,
			[variableOf("compareEngine")]: compare,
			...lakeVariables(lake),
		},
	});
	return { pipelines, lake };
}
