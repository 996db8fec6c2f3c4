/** What the last `up` brought up, and where, remembered for the commands that come after it. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Environment, SETTINGS, variableOf } from "@fireworks/contracts";
import { z } from "zod";
import { CLI_EXIT, CliError } from "../exit-codes.ts";
import { writeWhole } from "../local/state/write-whole.ts";
import type { StateFolder } from "../project.ts";
import { ownVariables } from "../settings.ts";
import { TARGETS } from "../target.ts";

const memorySchema = z.object({
	version: z.literal(1),
	target: z.enum(TARGETS),
	/** cluster: the context that was named. */
	context: z.string().nullable(),
	/**
	 * kind: the name of the cluster that `up` is creating now. Such a cluster may be incomplete.
	 */
	making: z.string().nullable(),
	/** local: the pipelines of --pipeline. */
	pipelines: z.array(z.string()).optional(),
	/** local: whether the lake is on (--lake). */
	lake: z.boolean().optional(),
	/** The FIREWORKS_ variables that it was started with. */
	settings: z.record(z.string(), z.string()),
});
export type Memory = z.infer<typeof memorySchema>;

/**
 * Variables that belong to a shell, and not to the system. A host and its devcontainer may share
 * the folder, but not these.
 */
const OF_THE_SHELL = ["FIREWORKS_DEVCONTAINER", "FIREWORKS_STATE_DIR"];

/** The variables to remember. */
export const rememberable = (env: Environment): Record<string, string> =>
	Object.fromEntries(
		Object.entries(ownVariables(env)).filter(
			([name]) => !OF_THE_SHELL.includes(name),
		),
	);

const fileOf = (folder: StateFolder) => join(folder.root, "target.json");

/** undefined if nothing was brought up yet. Throws CliError (config) if the file is invalid. */
export function recall(folder: StateFolder): Memory | undefined {
	const file = fileOf(folder);
	let text: string;
	try {
		text = readFileSync(file, "utf8");
	} catch {
		return undefined;
	}
	try {
		return memorySchema.parse(JSON.parse(text));
	} catch (error) {
		throw new CliError(
			CLI_EXIT.config,
			`${file} is not what \`up\` wrote.\n  What to do: remove it, and name the target: \`--target local\`, \`kind\` or \`cluster\`.`,
			{ cause: error },
		);
	}
}

/** Whether the last `up` of this clone made or used the kind cluster of this name. */
export const remembers = (
	memory: Memory | undefined,
	cluster: string,
): boolean =>
	memory?.making === cluster ||
	(memory?.target === "kind" &&
		(memory.settings[variableOf("kindCluster")] ??
			SETTINGS.kindCluster.default) === cluster);

export const remember = (folder: StateFolder, memory: Memory): void =>
	writeWhole(fileOf(folder), memory);

export const forget = (folder: StateFolder): void =>
	rmSync(fileOf(folder), { force: true });
