/** What `up` was asked to bring up. */
import { checkCompare } from "../compare.ts";
import { CLI_EXIT, CliError } from "../exit-codes.ts";
import { TARGETS } from "../targets/memory.ts";

const ENGINES = ["typescript", "python", "spark"];

/** compare: a second engine; empty: none. Throws CliError (usage) where it is another word, or a thing of a later version. */
export function checkChoice(
	target: string,
	engine: string,
	compare = "",
): void {
	const usage = (message: string) => new CliError(CLI_EXIT.usage, message);
	if (!TARGETS.some((name) => name === target))
		throw usage(`There is no target "${target}": ${TARGETS.join(", ")}.`);
	for (const one of [engine, ...(compare ? [compare] : [])])
		if (!ENGINES.includes(one))
			throw usage(`There is no engine "${one}": ${ENGINES.join(", ")}.`);
	checkCompare(target, engine, compare);
}
