/** state.json: what the supervisor knows. */
import { readFileSync } from "node:fs";
import { CLI_EXIT, CliError } from "../exit-codes.ts";
import { type SystemState, stateSchema } from "./state.ts";
import { writeWhole } from "./write-whole.ts";

/** The state; undefined where nothing was ever started. Throws CliError (config) where the file is there and makes no sense. */
export function readState(stateFile: string): SystemState | undefined {
	let text: string;
	try {
		text = readFileSync(stateFile, "utf8");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
		throw broken(stateFile, (error as Error).message, error);
	}
	try {
		return stateSchema.parse(JSON.parse(text));
	} catch (error) {
		throw broken(stateFile, "it is not what a supervisor wrote", error);
	}
}

const broken = (stateFile: string, what: string, cause: unknown) =>
	new CliError(
		CLI_EXIT.config,
		`The state file ${stateFile} cannot be read: ${what}.\n  What to do: look whether parts still run (\`ps\`), then remove that file; Kafka's data beside it is not touched by that.`,
		{ cause },
	);

export const writeState = (stateFile: string, state: SystemState): void =>
	writeWhole(stateFile, state);
