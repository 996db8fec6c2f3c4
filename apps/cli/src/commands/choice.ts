/** What `up` was asked to bring up; this version has one target and one engine. */
import { CLI_EXIT, CliError } from "../exit-codes.ts";

const TARGETS = ["local", "kind", "cluster"];
const ENGINES = ["typescript", "python", "spark"];

/** Throws CliError (usage) where it is another word, or a thing of a later version. */
export function checkChoice(target: string, engine: string): void {
	const usage = (message: string) => new CliError(CLI_EXIT.usage, message);
	if (!TARGETS.includes(target))
		throw usage(`There is no target "${target}": ${TARGETS.join(", ")}.`);
	if (!ENGINES.includes(engine))
		throw usage(`There is no engine "${engine}": ${ENGINES.join(", ")}.`);
	if (target !== "local")
		throw usage(
			`The target "${target}" is not yet in this version. What works: \`fireworks up --target local\`, the same system as processes on this machine.`,
		);
	if (engine !== "typescript")
		throw usage(
			`The engine "${engine}" is not yet in this version. What works: \`--engine typescript\`.`,
		);
}
