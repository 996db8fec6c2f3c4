/**
 * Where to find a part of a record: in its JSON value or in its metadata.
 *
 *   device.id, readings.0.celsius   names and indexes, separated by dots
 *   /device/serial.no               a JSON Pointer (RFC 6901), for names with dots
 *   @value                          the whole JSON value, e.g. a bare number
 *   @key, @timestamp, @offset       the record's metadata: key as text, timestamp, offset; the
 *                                   header event-time wins over the timestamp, which is then the
 *                                   time of the append
 */
import { eventTimeHeaderOf } from "./event-time.ts";

/** The parts of a record of any topic that a mapping can read. timestamp: ms since 1970. */
export interface MappedRecord {
	readonly key: Buffer | null;
	readonly value: Buffer | null;
	readonly timestamp: number;
	readonly offset: number;
	readonly headers?: Readonly<Record<string, string>>;
}

export type EventPath =
	| { readonly of: "key" | "timestamp" | "offset" }
	| { readonly of: "value"; readonly steps: readonly string[] };

const unescapeStep = (step: string): string =>
	step.replaceAll("~1", "/").replaceAll("~0", "~");

/** Parses a path. Returns undefined for an invalid one. */
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

/**
 * Returns what the path points to, or undefined if nothing is there. json: the record's parsed
 * value.
 */
export function lookUp(
	path: EventPath,
	record: MappedRecord,
	json: unknown,
): unknown {
	if (path.of === "key") return record.key?.toString("utf8");
	if (path.of !== "value")
		return path.of === "offset"
			? record.offset
			: (eventTimeHeaderOf(record.headers ?? {}) ?? record.timestamp);
	let here = json;
	for (const step of path.steps) {
		if (typeof here !== "object" || here === null) return undefined;
		if (!Object.hasOwn(here, step)) return undefined;
		here = (here as Record<string, unknown>)[step];
	}
	return here;
}
