/** Decides on which target a command works, and checks what `up` starts. */
import { clusterTarget } from "../cluster/target.ts";
import { CLI_EXIT, CliError } from "../exit-codes.ts";
import { checkCompare } from "../local/compare.ts";
import { localTarget } from "../local/target.ts";
import { stateFolderOf } from "../settings.ts";
import { TARGETS, type Target, type TargetName } from "../target.ts";
import { recall } from "./memory.ts";

const ENGINES = ["typescript", "python", "spark"];

/** For the start of the parts. A cluster may have to find nodes and pull images first. */
export const START_TIMEOUT_MS: Record<TargetName, number> = {
	local: 180_000,
	kind: 600_000,
	cluster: 900_000,
};

/** Where a command works; undefined for each option that was not given. */
export interface Where {
	target?: string | undefined;
	context?: string | undefined;
}

export function targetOf(where: Where): Target {
	const name = targetName(where);
	const { context } = where;
	if (name !== "local") return clusterTarget({ target: name, context });
	if (context === undefined) return localTarget;
	throw new CliError(CLI_EXIT.usage, "--context is for `--target cluster`.");
}

/**
 * For commands that read or write the topics. If the user named brokers, they are used from here,
 * whatever was brought up.
 */
export const topicsTargetOf = (where: Where): Target =>
	process.env.FIREWORKS_BROKERS === undefined ? targetOf(where) : localTarget;

/**
 * The target that was given (by option or FIREWORKS_TARGET), else the one that was brought up last.
 */
export function targetName({ target, context }: Where): TargetName {
	const given =
		target ??
		(context === undefined ? process.env.FIREWORKS_TARGET : "cluster");
	if (!given) return recall(stateFolderOf(process.env))?.target ?? "local";
	const known = TARGETS.find((name) => name === given);
	if (known) return known;
	throw unknown("target", given, TARGETS);
}

/**
 * compare: the second engine, or empty for none. Throws CliError (usage) if a name is unknown, or
 * the target cannot compare.
 */
export function checkEngines(
	target: TargetName,
	engine: string,
	compare: string,
): void {
	for (const one of compare === "" ? [engine] : [engine, compare])
		if (!ENGINES.includes(one)) throw unknown("engine", one, ENGINES);
	checkCompare(target, engine, compare);
}

/** Whether `up` was asked for the lake; undefined: neither by its option nor by FIREWORKS_LAKE. */
export const lakeAsked = (
	option: boolean,
	{ FIREWORKS_LAKE: set }: NodeJS.ProcessEnv,
): boolean | undefined => option || (set ? set === "on" : undefined);

/** Throws CliError (usage) if another target is asked for the lake. */
export function checkLake(target: TargetName, lake: boolean | undefined): void {
	if (lake && target !== "local")
		throw new CliError(
			CLI_EXIT.usage,
			`--lake is for the local system, and this is the target ${target}: add --local, or leave --lake and FIREWORKS_LAKE away.`,
		);
}

/** Throws CliError (usage) for another target. */
export function requireLocal(target: TargetName): void {
	if (target !== "local")
		throw new CliError(
			CLI_EXIT.usage,
			`\`fireworks dev\` is for the local system, and Fireworks runs on the target ${target}: add --local, or stop that one first (\`fireworks down\`).`,
		);
}

const unknown = (what: string, given: string, known: readonly string[]) =>
	new CliError(
		CLI_EXIT.usage,
		`There is no ${what} "${given}": ${known.join(", ")}.`,
	);
