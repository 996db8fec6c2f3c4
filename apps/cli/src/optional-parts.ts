/** Which of the optional parts an `up` starts: those asked for now, or by an earlier `up`. */
import { type Environment, variableOf } from "@fireworks/contracts";
import {
	OPTIONAL_PART_NAMES,
	OPTIONAL_PARTS,
	type OptionalPartName,
} from "./local/part-names.ts";

/**
 * The variables that ask for the optional parts, each with its value. An option counts more than
 * the environment, and that more than the earlier `up`. So `FIREWORKS_INGEST=off` ends what an
 * earlier `up --ingest` began.
 */
export const optionalVariables = (
	named: readonly OptionalPartName[],
	env: Environment,
	earlier: Environment = {},
): Record<string, string> =>
	Object.fromEntries(
		OPTIONAL_PART_NAMES.map((name) => {
			const variable = variableOf(OPTIONAL_PARTS[name]);
			return [
				variable,
				named.includes(name)
					? "on"
					: (env[variable] ?? earlier[variable] ?? "off"),
			];
		}),
	);

/** The optional parts that the options of the command line name. */
export const namedParts = (
	options: Partial<Record<OptionalPartName, boolean>>,
): OptionalPartName[] =>
	OPTIONAL_PART_NAMES.filter((name) => options[name] === true);
