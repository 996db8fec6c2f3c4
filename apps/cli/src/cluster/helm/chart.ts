/** The chart of this clone, and what identifies an installation of it. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { ROOT } from "../../project.ts";

export const CHART = join(ROOT, "charts/fireworks");

export type Values = { [key: string]: unknown };

/**
 * Digest of everything that decides what is installed: the chart's files, the values files and the
 * values.
 */
export function digestOf(
	valuesFiles: readonly string[],
	values: Values,
): string {
	const hash = createHash("sha256");
	const files = readdirSync(CHART, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name))
		.toSorted();
	for (const file of [...files, ...valuesFiles])
		hash.update(`${relative(CHART, file)}\0`).update(readFileSync(file));
	return hash.update(JSON.stringify(values)).digest("hex").slice(0, 12);
}
