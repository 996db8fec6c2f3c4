/** What `up` and `status` say about the pipelines, next to the table of the parts. */
import { join } from "node:path";
import type { StateFolder } from "../../project.ts";
import { lastLines } from "../last-lines.ts";
import { OPTIONAL_PART_NAMES } from "../part-names.ts";
import type { PartRecord } from "../state/state.ts";
import { type FoundPipelines, PIPELINES, type Pipeline } from "./find.ts";
import { sourcesOf } from "./sources.ts";

const LINES_SHOWN = 8;
const LINE_MAX = 240;

/** The pipelines that are not among the parts, each with the reason. */
export function absentLines(
	{ pipelines, refused }: FoundPipelines,
	parts: readonly Pick<PartRecord, "name">[],
): string[] {
	const absent = pipelines.filter(
		({ name }) => !parts.some((part) => part.name === name),
	);
	return [
		...absent.map(({ name, onlyIfNamed }) =>
			onlyIfNamed
				? `${name} starts only if it is named: \`fireworks up --pipeline ${name}\``
				: `${name} is new: \`fireworks up\` starts it`,
		),
		...refused.map(({ folder, reason }) => `${folder} cannot start: ${reason}`),
	];
}

/** The optional parts that do not run, and the pipelines that do not run as their folders are. */
export const problemLines = (
	folder: StateFolder,
	{ pipelines }: FoundPipelines,
	parts: readonly PartRecord[],
): string[] =>
	parts.flatMap((part) => {
		const { name } = part;
		if (OPTIONAL_PART_NAMES.some((one) => one === name))
			return stateLines(folder, part);
		if (part.pipeline === undefined) return [];
		const found = pipelines.find((one) => one.name === name);
		const lines = stateLines(folder, part);
		if (found === undefined) {
			if (part.process)
				lines.push(
					`${PIPELINES}/${name} is gone; ${name} runs on until \`fireworks down\``,
				);
		} else if (hasChanged(part, found))
			lines.push(
				`${name} has changed since it was started: \`fireworks restart ${name}\` runs the new version`,
			);
		return lines;
	});

/** Whether the files of a pipeline are others than those that it was started from. */
export const hasChanged = (
	{ pipeline }: PartRecord,
	found: Pipeline | undefined,
): boolean =>
	pipeline !== undefined &&
	// It has not come to its files yet.
	pipeline.sources !== "" &&
	found !== undefined &&
	pipeline.sources !== sourcesOf(found.folder);

function stateLines(folder: StateFolder, part: PartRecord): string[] {
	const { name, state, lastError } = part;
	if (state === "starting")
		return [`${name} is not ready yet: \`fireworks logs ${name}\``];
	if (state !== "failed" && state !== "backoff") return [];
	const what =
		state === "failed"
			? `${name} failed; \`fireworks restart ${name}\` tries again`
			: `${name} ended, and is started again after a pause`;
	return [
		`${what}: ${lastError}`,
		...lastLines(join(folder.logs, `${name}.log`), LINES_SHOWN).map(
			(line) => `  ${line.slice(0, LINE_MAX)}`,
		),
	];
}

/** The pipelines that need no process. */
export const finishedLines = (parts: readonly PartRecord[]): string[] =>
	parts
		.filter((part) => part.finished)
		.map(
			({ name }) =>
				`${name} has only streams: they are in the catalog, and nothing of it has to run`,
		);
