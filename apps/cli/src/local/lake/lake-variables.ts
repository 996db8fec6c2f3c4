/** The lake as a part of the local system: its variable, and whether a running system has it. */
import { variableOf } from "@fireworks/contracts";
import { CLI_EXIT, CliError } from "../../exit-codes.ts";
import type { SystemState } from "../state/state.ts";

/** Without a lake there is no variable, as in systems of earlier versions. */
export const lakeVariables = (lake: boolean): Record<string, string> =>
	lake ? { [variableOf("lake")]: "on" } : {};

/** Throws CliError if the system runs without the lake: its parts start only with the others. */
export function requireLake({ parts }: Pick<SystemState, "parts">): void {
	if (parts.some(({ name }) => name === "lake")) return;
	throw new CliError(
		CLI_EXIT.failure,
		"Fireworks is up already, without the lake.\n  What to do: start it again with the lake: `fireworks down`, then `fireworks up --local --lake`. The streams and their data stay.",
	);
}
