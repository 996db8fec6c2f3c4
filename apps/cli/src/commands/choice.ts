/** What `up` was asked to bring up. */
import { CLI_EXIT, CliError } from "../exit-codes.ts";

import { TARGETS } from "../targets/memory.ts";

const ENGINES = ["typescript", "python", "spark"];

/** Throws CliError (usage) where it is another word, or a thing of a later version. */
export function checkChoice(target: string, engine: string): void {
	const usage = (message: string) => new CliError(CLI_EXIT.usage, message);
	if (!TARGETS.some((name) => name === target))
		throw usage(`There is no target "${target}": ${TARGETS.join(", ")}.`);
	if (!ENGINES.includes(engine))
		throw usage(`There is no engine "${engine}": ${ENGINES.join(", ")}.`);
}
