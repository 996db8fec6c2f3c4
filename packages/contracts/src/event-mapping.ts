/**
 * Converts a record of any JSON topic to an event. The mapping says which part of the record is
 * what.
 *
 * Key, time, sequence, value and every other number that the mapping names are required. A record
 * that lacks one of them makes no event. Parts that the mapping does not name have a default: drift
 * and volatility are 0. dt and increment are left out here. The code that holds the events computes
 * them from the previous event of the same key.
 */
import {
	type EventPath,
	lookUp,
	type MappedRecord,
	parseEventPath,
} from "./event-mapping-path.ts";
import { parseWiener, type WienerRecord } from "./wiener-record.ts";

export const TIME_UNITS = ["ms", "s", "us", "ns", "iso"] as const;
export type TimeUnit = (typeof TIME_UNITS)[number];

export const NUMBER_COLUMNS = [
	"value",
	"increment",
	"dt",
	"drift",
	"volatility",
] as const;
export type NumberColumn = (typeof NUMBER_COLUMNS)[number];
export type NumberPaths = { readonly value: EventPath } & {
	readonly [C in NumberColumn]?: EventPath;
};

export interface EventMapping {
	key: EventPath;
	time: EventPath;
	/** The unit of `time`. Ignored if the time is the record's own timestamp, which is in ms. */
	timeUnit: TimeUnit;
	sequence: EventPath;
	numbers: NumberPaths;
}

/** A Wiener record whose step (dt and increment) may be unknown. */
export type MappedEvent = Omit<WienerRecord, "dt" | "increment"> &
	Partial<Pick<WienerRecord, "dt" | "increment">>;

const path = (text: string): EventPath => parseEventPath(text) as EventPath;

/** The default mapping: the records of `wiener`. */
export const WIENER_MAPPING: EventMapping = {
	key: path("deviceId"),
	time: path("timestamp"),
	timeUnit: "ms",
	sequence: path("seq"),
	numbers: {
		value: path("value"),
		increment: path("increment"),
		dt: path("dt"),
		drift: path("drift"),
		volatility: path("volatility"),
	},
};

/** Converts a record to its event, or to undefined if it contains none. */
export type EventParser = (record: MappedRecord) => MappedEvent | undefined;

/**
 * Builds the parser of a mapping. For Wiener records it is the contract's own parser, which is
 * stricter than a generic mapping.
 */
export function eventParser(mapping: EventMapping): EventParser {
	if (JSON.stringify(mapping) === JSON.stringify(WIENER_MAPPING))
		return ({ value }) => parseWiener(value);
	return (record) => {
		if (record.value === null) return undefined;
		try {
			const json = JSON.parse(record.value.toString("utf8"));
			return eventOf(mapping, record, json);
		} catch {
			return undefined;
		}
	};
}

function eventOf(
	{ key, time, timeUnit, sequence, numbers }: EventMapping,
	record: MappedRecord,
	json: unknown,
): MappedEvent | undefined {
	const deviceId = nameOf(lookUp(key, record, json));
	const timestamp = msOf(
		lookUp(time, record, json),
		time.of === "timestamp" ? "ms" : timeUnit,
	);
	const seq = numberOf(lookUp(sequence, record, json));
	if (deviceId === undefined || timestamp === undefined) return undefined;
	if (seq === undefined || !Number.isSafeInteger(seq) || seq < 0)
		return undefined;
	const event: MappedEvent = {
		deviceId,
		seq,
		timestamp,
		value: 0,
		drift: 0,
		volatility: 0,
	};
	for (const column of NUMBER_COLUMNS) {
		const at = numbers[column];
		if (at === undefined) continue;
		const number = numberOf(lookUp(at, record, json));
		if (number === undefined) return undefined;
		event[column] = number;
	}
	return event;
}

function nameOf(found: unknown): string | undefined {
	if (typeof found === "number") return String(found);
	return typeof found === "string" && found !== "" ? found : undefined;
}

/** Accepts numbers in strings too, because some writers encode long numbers that way. */
function numberOf(found: unknown): number | undefined {
	if (typeof found === "string" && !/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(found))
		return undefined;
	if (typeof found !== "number" && typeof found !== "string") return undefined;
	const number = Number(found);
	return Number.isFinite(number) ? number : undefined;
}

const UNIT_MS = { ms: 1, s: 1_000, us: 1e-3, ns: 1e-6 };

/** ms since 1970, within the range of a JavaScript Date. */
function msOf(found: unknown, unit: TimeUnit): number | undefined {
	const number =
		unit === "iso"
			? typeof found === "string"
				? Date.parse(found)
				: Number.NaN
			: (numberOf(found) ?? Number.NaN) * UNIT_MS[unit];
	return number >= 0 && number <= 8.64e15 ? number : undefined;
}
