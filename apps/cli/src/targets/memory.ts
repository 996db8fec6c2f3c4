/** What the last `up` brought up, and where: for the words that come after it. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "@fireworks/contracts";
import { z } from "zod";
import { CLI_EXIT, CliError } from "../exit-codes.ts";
import { ownVariables } from "../local-settings.ts";
import type { StateFolder } from "../project.ts";
import { writeWhole } from "../state/write-whole.ts";

export const TARGETS = ["local", "kind", "cluster"] as const;
export type Target = (typeof TARGETS)[number];

const memorySchema = z.object({
	version: z.literal(1),
	target: z.enum(TARGETS),
	/** cluster: the context that was named. */
	context: z.string().nullable(),
	/** kind: a cluster of this name is just being made by us; what is there may be half of one. */
	making: z.string().nullable(),
	/** The FIREWORKS_ variables that it was started with. */
	settings: z.record(z.string(), z.string()),
});
export type Memory = z.infer<typeof memorySchema>;

/** What belongs to a shell, and not to the system that was brought up: a host and its devcontainer may share the folder. */
const OF_THE_SHELL = ["FIREWORKS_DEVCONTAINER", "FIREWORKS_STATE_DIR"];

/** The variables to keep. */
export const rememberable = (env: Environment): Record<string, string> =>
	Object.fromEntries(
		Object.entries(ownVariables(env)).filter(
			([name]) => !OF_THE_SHELL.includes(name),
		),
	);

const fileOf = (folder: StateFolder) => join(folder.root, "target.json");

/** undefined where nothing was brought up yet. Throws CliError (config) where the file makes no sense. */
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

export const remember = (folder: StateFolder, memory: Memory): void =>
	writeWhole(fileOf(folder), memory);

export const forget = (folder: StateFolder): void =>
	rmSync(fileOf(folder), { force: true });
