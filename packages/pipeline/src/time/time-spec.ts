/** Where the event time of a record is, and how to read it. */

export const EPOCH_UNITS = ["s", "ms", "us", "ns"] as const;
export type EpochUnit = (typeof EPOCH_UNITS)[number];

/** A text with date and time and an offset, such as 2026-01-31T12:00:00+01:00. */
interface IsoTime {
	readonly path: string;
}

/** A number: the time since 1970 in this unit. */
interface EpochTime {
	readonly path: string;
	readonly unit: EpochUnit;
}

/**
 * A text with a local time in a time zone. Where clocks are set back, an hour of local times occurs
 * twice (a fold); where they are set forward, an hour does not exist (a gap). Both are refused
 * unless a rule is named. A text that has an offset of its own needs no rule.
 */
export interface LocalTime {
	readonly path: string;
	/** A name of the IANA database, such as America/New_York. */
	readonly zone: string;
	/** Default: refuse. */
	readonly fold?: "refuse" | "earlier" | "later";
	/** shift: as if the clock had not been set forward. Default: refuse. */
	readonly gap?: "refuse" | "shift";
}

/** The record's own Kafka timestamp. */
export const RECORD_TIMESTAMP = "@timestamp";

export type TimeSpec =
	| IsoTime
	| EpochTime
	| LocalTime
	| typeof RECORD_TIMESTAMP;

export const TIME_PROBLEMS = [
	"bad-time",
	"time-without-zone",
	"time-ambiguous",
	"time-does-not-exist",
	"time-out-of-range",
] as const;

/** Why a value is not a time. */
export class TimeRefused extends Error {
	override readonly name = "TimeRefused";
	readonly code: (typeof TIME_PROBLEMS)[number];

	constructor(code: (typeof TIME_PROBLEMS)[number], message: string) {
		super(message);
		this.code = code;
	}
}
