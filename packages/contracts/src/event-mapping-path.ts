/**
 * Where something lies in a record: in its JSON value, or beside it.
 *
 *   device.id, readings.0.celsius   names and indexes, dot by dot
 *   /device/serial.no               a JSON Pointer (RFC 6901), for names with dots
 *   @value                          the whole JSON value, e.g. a bare number
 *   @key, @timestamp, @offset       the record's own: key as text, time, place in its partition
 */

/** A record of any topic, as far as a mapping may look. timestamp: ms since 1970. */
export interface MappedRecord {
	readonly key: Buffer | null;
	readonly value: Buffer | null;
	readonly timestamp: number;
	readonly offset: number;
}

export type EventPath =
	| { readonly of: "key" | "timestamp" | "offset" }
	| { readonly of: "value"; readonly steps: readonly string[] };

const unescapeStep = (step: string): string =>
	step.replaceAll("~1", "/").replaceAll("~0", "~");

/** The path in a text, or undefined where it is none. */
export function parseEventPath(text: string): EventPath | undefined {
	if (text === "@key" || text === "@timestamp" || text === "@offset")
		return { of: text.slice(1) as "key" | "timestamp" | "offset" };
	if (text === "@value") return { of: "value", steps: [] };
	if (text === "" || text.startsWith("@")) return undefined;
	if (text.startsWith("/"))
		return /~(?![01])/.test(text)
			? undefined
			: { of: "value", steps: text.slice(1).split("/").map(unescapeStep) };
	const steps = text.split(".");
	return steps.includes("") ? undefined : { of: "value", steps };
}

/** What lies there; undefined where nothing does. json: the record's value, parsed. */
export function lookUp(
	path: EventPath,
	record: MappedRecord,
	json: unknown,
): unknown {
	if (path.of === "key") return record.key?.toString("utf8");
	if (path.of !== "value") return record[path.of];
	let here = json;
	for (const step of path.steps) {
		if (typeof here !== "object" || here === null) return undefined;
		if (!Object.hasOwn(here, step)) return undefined;
		here = (here as Record<string, unknown>)[step];
	}
	return here;
}
