/**
 * Texts in ISO 8601 format. `Date.parse` must not read them: it takes 10/03 for October, 30
 * February for 2 March, and a text without an offset for the host's time zone. Temporal is strict.
 */
import { Temporal } from "temporal-polyfill";
import { TimeRefused } from "./time-spec.ts";

/** The usual form, which is read without Temporal for speed: with Z, or without an offset. */
const USUAL =
	/^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z?))?$/;
/** A date; or a date and a time, with an offset or without one. */
const ISO =
	/^(?:\d{4}-\d\d-\d\d|\d{8})(?:[Tt ]\d\d(?::?\d\d(?::?\d\d(?:[.,]\d{1,9})?)?)?(Z|z|[+-]\d\d(?::?\d\d)?)?)?$/;

const SHOWN_MAX = 80;
const shown = (text: string): string =>
	JSON.stringify(
		text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text,
	);

/** An instant in ms; or the date and time of a clock on a wall, in ms as if it were in UTC. */
export type IsoText = { readonly ms: number } | { readonly wallMs: number };

/** Throws TimeRefused. What is finer than a millisecond is cut off. */
export function parseIso(text: string): IsoText {
	const usual = usualIso(text);
	if (usual !== undefined) return usual;
	const match = ISO.exec(text);
	if (match === null)
		throw new TimeRefused(
			"bad-time",
			`${shown(text)} is not an ISO 8601 date and time`,
		);
	try {
		return match[1] === undefined
			? {
					wallMs:
						Temporal.PlainDateTime.from(text).toZonedDateTime("UTC")
							.epochMilliseconds,
				}
			: { ms: Temporal.Instant.from(text).epochMilliseconds };
	} catch (error) {
		throw new TimeRefused(
			"bad-time",
			`${shown(text)} is not a date and time that exists: ${(error as Error).message}`,
		);
	}
}

/** undefined: another form, or a day that does not exist. */
function usualIso(text: string): IsoText | undefined {
	const m = USUAL.exec(text);
	if (m === null) return undefined;
	const wallMs = wallTime(
		...([m[1], m[2], m[3], m[4], m[5], m[6]].map(orZero) as SixNumbers),
	);
	if (wallMs === undefined) return undefined;
	const fraction = m[7];
	const ms =
		fraction === undefined
			? wallMs
			: wallMs + Number(fraction.slice(0, 3).padEnd(3, "0"));
	return m[8] === "Z" ? { ms } : { wallMs: ms };
}

type SixNumbers = [number, number, number, number, number, number];
const orZero = (text: string | undefined): number => Number(text ?? 0);

/**
 * A date and time as ms since 1970, as if it were in UTC; undefined if there is no such date and
 * time. month: 1 to 12. Years before 100 are left to Temporal.
 */
export function wallTime(
	year: number,
	month: number,
	day: number,
	hour: number,
	minute: number,
	second: number,
): number | undefined {
	// Date.UTC takes the years 0 to 99 for 1900 to 1999.
	if (year < 100 || month < 1 || month > 12 || day < 1) return undefined;
	if (hour > 23 || minute > 59 || second > 59) return undefined;
	const ms = Date.UTC(year, month - 1, day, hour, minute, second);
	// A day that does not exist lands in the next month.
	return new Date(ms).getUTCDate() === day ? ms : undefined;
}
