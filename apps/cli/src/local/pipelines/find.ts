/**
 * The pipelines of this clone: the folders of pipelines/. Reads files only, and runs no pipeline.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { PIPELINE_NAME, PIPELINE_NAME_RULE } from "@fireworks/contracts";
import { CLI_EXIT, CliError } from "../../exit-codes.ts";
import { ROOT } from "../../project.ts";
import { LOCAL_PART_NAMES } from "../part-names.ts";

export const PIPELINES = "pipelines";
export const PIPELINE_FILE = "pipeline.ts";
const PACKAGE_FILE = "package.json";
/** A runner needs 100 MB or more: a machine with more of them has another problem. */
export const PIPELINES_MAX = 50;

/** Names that `status`, `logs` and `restart` use already. */
const TAKEN: ReadonlySet<string> = new Set([...LOCAL_PART_NAMES, "supervisor"]);

export interface Pipeline {
	/** That of its folder. */
	readonly name: string;
	readonly folder: string;
	/** `up` starts it only with `--pipeline NAME`. */
	readonly onlyIfNamed: boolean;
}

export interface FoundPipelines {
	/** In the order of their names. */
	readonly pipelines: readonly Pipeline[];
	/** Folders that cannot be started, with the reason. */
	readonly refused: readonly { folder: string; reason: string }[];
}

/** root: the clone. Folders that begin with a dot, or have nothing of a pipeline, do not count. */
export function findPipelines(root = ROOT): FoundPipelines {
	const pipelines: Pipeline[] = [];
	const refused: { folder: string; reason: string }[] = [];
	for (const name of folderNames(join(root, PIPELINES))) {
		const folder = join(root, PIPELINES, name);
		const has = (file: string) => existsSync(join(folder, file));
		if (!has(PIPELINE_FILE) && !has(PACKAGE_FILE)) continue;
		const checked =
			pipelines.length < PIPELINES_MAX
				? check(name, folder)
				: `there are more than ${PIPELINES_MAX} pipelines`;
		if (typeof checked === "string")
			refused.push({ folder: `${PIPELINES}/${name}`, reason: checked });
		else pipelines.push(checked);
	}
	return { pipelines, refused };
}

function folderNames(parent: string): string[] {
	try {
		return readdirSync(parent)
			.filter((name) => !name.startsWith("."))
			.filter((name) => statSync(join(parent, name)).isDirectory())
			.sort();
	} catch {
		// A clone may have no such folder, and a folder may be removed at this moment.
		return [];
	}
}

/** Why a pipeline cannot have that name; undefined: it can. */
export const nameProblem = (name: string): string | undefined =>
	!PIPELINE_NAME.test(name)
		? `its name must be ${PIPELINE_NAME_RULE}`
		: TAKEN.has(name)
			? `a part of the system is named ${name}`
			: undefined;

/** The pipeline, or why it cannot be started. */
function check(name: string, folder: string): Pipeline | string {
	const unusable = nameProblem(name);
	if (unusable !== undefined)
		return `${unusable}: rename the folder and the pipeline`;
	if (!existsSync(join(folder, PIPELINE_FILE)))
		return `it has no ${PIPELINE_FILE}`;
	if (!existsSync(join(folder, PACKAGE_FILE)))
		return { name, folder, onlyIfNamed: false };
	try {
		const text = readFileSync(join(folder, PACKAGE_FILE), "utf8");
		const { fireworks } = JSON.parse(text) as {
			fireworks?: { start?: unknown };
		};
		const start = fireworks?.start ?? "always";
		if (start !== "always" && start !== "if-named")
			return `"fireworks": { "start" } in its ${PACKAGE_FILE} must be "always" or "if-named"`;
		return { name, folder, onlyIfNamed: start === "if-named" };
	} catch (error) {
		return `its ${PACKAGE_FILE} cannot be read: ${(error as Error).message}`;
	}
}

/** The pipelines that `up` starts. named: those of --pipeline, now or in an earlier `up`. */
export const toStart = (
	{ pipelines }: FoundPipelines,
	named: readonly string[],
): Pipeline[] =>
	pipelines.filter(
		({ name, onlyIfNamed }) => !onlyIfNamed || named.includes(name),
	);

/** Throws CliError (usage) if there is no such pipeline, or it cannot be started. */
export function checkNamed(
	{ pipelines, refused }: FoundPipelines,
	named: readonly string[],
): void {
	for (const name of named) {
		if (pipelines.some((one) => one.name === name)) continue;
		const reason = refused.find(
			({ folder }) => folder === `${PIPELINES}/${name}`,
		)?.reason;
		throw new CliError(
			CLI_EXIT.usage,
			reason === undefined
				? `There is no pipeline "${name}": ${pipelines.map((one) => one.name).join(", ") || `${PIPELINES}/ has none`}.`
				: `The pipeline "${name}" cannot be started: ${reason}.`,
		);
	}
}
