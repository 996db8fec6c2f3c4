/** Schemas of the settings that define a mapping. Each error message says what was expected. */
import { z } from "zod";
import { NUMBER_COLUMNS, type NumberPaths } from "./event-mapping.ts";
import { type EventPath, parseEventPath } from "./event-mapping-path.ts";

const PATH =
	"a path such as device.id, a JSON Pointer such as /device/id, or one of @key, @timestamp, @offset, @value";

/** A path. */
export const eventPath = (): z.ZodType<EventPath, string> =>
	z
		.string()
		.refine((text) => parseEventPath(text) !== undefined, PATH)
		.transform((text) => parseEventPath(text) as EventPath);

/**
 * Parses `a=x,b=y` to [["a","x"],["b","y"]], and an empty text to []. Returns undefined for
 * anything else, and if a name occurs twice.
 */
function pairsOf(text: string): [string, string][] | undefined {
	if (text.trim() === "") return [];
	const pairs = text.split(",").map((part): [string, string] => {
		const at = part.indexOf("=");
		return [part.slice(0, at).trim(), part.slice(at + 1).trim()];
	});
	const names = new Set(pairs.map(([name]) => name));
	return names.size === pairs.length && pairs.every(([n, t]) => n && t)
		? pairs
		: undefined;
}

const only = (
	pairs: [string, string][] | undefined,
	names: readonly string[],
): boolean => pairs?.every(([name]) => names.includes(name)) ?? false;

/** `value=stats.mean,dt=seconds`: a path for each number in the records. `value` is required. */
export const numberPaths = (): z.ZodType<NumberPaths, string> =>
	z
		.string()
		.refine(
			(text) => {
				const pairs = pairsOf(text);
				return (
					only(pairs, NUMBER_COLUMNS) &&
					pairs?.some(([name]) => name === "value") &&
					pairs.every(([, at]) => parseEventPath(at) !== undefined)
				);
			},
			`value=<path> and, where the records have them, ${NUMBER_COLUMNS.slice(1).join(", ")} in the same way, separated by commas; a path is ${PATH}`,
		)
		.transform((text) => {
			const given = new Map(pairsOf(text));
			const paths = NUMBER_COLUMNS.filter((column) => given.has(column)).map(
				(column) => [column, parseEventPath(given.get(column) as string)],
			);
			return Object.fromEntries(paths) as NumberPaths;
		});

/** `value=Temperature,key=Boiler`: display texts for these names. */
export const labels = (
	names: readonly string[],
): z.ZodType<Readonly<Record<string, string>>, string> =>
	z
		.string()
		.refine(
			(text) => only(pairsOf(text), names),
			`<name>=<text>, separated by commas; the names are ${names.join(", ")}`,
		)
		.transform((text) => Object.fromEntries(pairsOf(text) ?? []));
