/** Paths into a record: names of properties, joined by dots. */

export const partsOf = (path: string): readonly string[] => path.split(".");

/** The value at the path; undefined if the path leads nowhere. */
export function valueAt(value: unknown, parts: readonly string[]): unknown {
	let at = value;
	for (const part of parts) {
		if (typeof at !== "object" || at === null || !Object.hasOwn(at, part))
			return undefined;
		at = (at as Record<string, unknown>)[part];
	}
	return at;
}
