/**
 * The descriptions of a chart's values: the comments in its values.yaml. The schema and
 * docs/operate/values.md take them from here, so each is written once, where people read it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isMap, isScalar, parseDocument, type YAMLMap } from "yaml";

const ROOT = join(import.meta.dirname, "..", "..");

export interface ChartValues {
	/** The defaults. */
	values: unknown;
	/** The comment in front of each value, by path. */
	comments: ReadonlyMap<string, string>;
}

/** chart: path of the chart's folder from the root. */
export function readValues(chart: string): ChartValues {
	const file = readFileSync(join(ROOT, chart, "values.yaml"), "utf8");
	const document = parseDocument(file);
	const comments = new Map<string, string>();
	if (isMap(document.contents)) collect(document.contents, "", comments);
	return { values: document.toJS(), comments };
}

function collect(map: YAMLMap, at: string, comments: Map<string, string>) {
	for (const [index, { key, value }] of map.items.entries()) {
		if (!isScalar(key)) continue;
		const path = at === "" ? String(key.value) : `${at}.${key.value}`;
		// The parser gives the comment in front of a map's first key to the map.
		const before = key.commentBefore ?? (index === 0 ? map.commentBefore : "");
		const description = descriptionOf(before ?? "");
		if (description !== "") comments.set(path, description);
		if (isMap(value)) collect(value, path, comments);
	}
}

/** The last paragraph, without the headline of a section. */
function descriptionOf(comment: string): string {
	const [paragraph = ""] = comment.split(/\n\s*\n/).slice(-1);
	return paragraph
		.split("\n")
		.map((line) => line.trim())
		.filter((line) => !line.startsWith("----"))
		.join(" ");
}
