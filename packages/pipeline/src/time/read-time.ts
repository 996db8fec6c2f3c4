/** Reads the event time of a record, as ms since 1970. */
import { parseIso } from "./iso.ts";
import {
	type EpochUnit,
	type RECORD_TIMESTAMP,
	TimeRefused,
	type TimeSpec,
} from "./time-spec.ts";
import { localTimes } from "./zone.ts";

/** The least and the greatest time that JavaScript, and so the page, can show. */
const TIME_MAX = 8.64e15;

/** Makes the function that reads a value of the time's path. It throws TimeRefused. */
export function timeReader(
	spec: Exclude<TimeSpec, typeof RECORD_TIMESTAMP>,
): (value: unknown) => number {
	if ("unit" in spec) return (value) => inRange(fromEpoch(value, spec.unit));
	const fromLocal = "zone" in spec ? localTimes(spec) : undefined;
	return (value) => {
		if (typeof value !== "string")
			throw new TimeRefused("bad-time", `${kindOf(value)} is not a text`);
		const time = parseIso(value);
		if ("ms" in time) return inRange(time.ms);
		if (fromLocal !== undefined) return inRange(fromLocal(time.wallMs));
		throw new TimeRefused(
			"time-without-zone",
			`${JSON.stringify(value)} has no offset, such as Z or +01:00. If it is a local time, name its zone in the stream's definition`,
		);
	};
}

const TO_MS: Readonly<Record<EpochUnit, (n: number) => number>> = {
	s: (n) => n * 1_000,
	ms: (n) => n,
	us: (n) => n / 1_000,
	ns: (n) => n / 1_000_000,
};
const BIG_TO_MS: Readonly<Record<EpochUnit, (n: bigint) => bigint>> = {
	s: (n) => n * 1_000n,
	ms: (n) => n,
	us: (n) => floorDivide(n, 1_000n),
	ns: (n) => floorDivide(n, 1_000_000n),
};

/** Whole milliseconds: what is finer is cut off. Large integers come as BigInt and stay exact. */
function fromEpoch(value: unknown, unit: EpochUnit): number {
	if (typeof value === "bigint") return Number(BIG_TO_MS[unit](value));
	if (typeof value === "number" && Number.isFinite(value))
		return Math.floor(TO_MS[unit](value));
	throw new TimeRefused("bad-time", `${kindOf(value)} is not a number`);
}

const floorDivide = (n: bigint, by: bigint): bigint =>
	n >= 0n || n % by === 0n ? n / by : n / by - 1n;

function inRange(ms: number): number {
	if (Math.abs(ms) <= TIME_MAX) return ms;
	throw new TimeRefused(
		"time-out-of-range",
		`${ms} ms since 1970 lies outside of the years that can be shown. Is the unit right?`,
	);
}

const kindOf = (value: unknown): string =>
	value === null ? "null" : `a ${typeof value}`;
