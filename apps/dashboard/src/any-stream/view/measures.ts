/** The measures of a stream: their names, and which of them are drawn. */
import { withUnit } from "../../stream/labels.ts";
import type { ShownStream } from "../data/frames.ts";
import { MEASURES_CHOSEN_MAX, type StreamView } from "./view.ts";

/** Charts drawn unless the user chooses. */
const MEASURES_FIRST = 4;

/** Wind speed (m/s) */
export const measureTitle = (
	path: string,
	{ label, unit }: ShownStream["measures"][string],
): string => withUnit(label ?? path, unit);

/** Paths of the measures to draw, in the order of the definition. */
export function shownMeasures(
	{ measures }: Pick<ShownStream, "measures">,
	chosen: StreamView["measures"],
): string[] {
	const all = Object.keys(measures);
	const wanted = all.filter((path) => chosen.includes(path));
	return wanted.length > 0
		? wanted.slice(0, MEASURES_CHOSEN_MAX)
		: all.slice(0, MEASURES_FIRST);
}
