/**
 * Local times of a time zone. Asking Temporal for each record costs tens of microseconds, so the
 * offset of each quarter of an hour is kept; a quarter in which it changes is always asked for.
 */
import { Temporal } from "temporal-polyfill";
import { type LocalTime, TimeRefused } from "./time-spec.ts";

const BUCKET_MS = 15 * 60_000;
/** Half a million quarters of an hour are fourteen years. */
const BUCKETS_MAX = 500_000;

export const isZone = (zone: string): boolean => {
	try {
		new Intl.DateTimeFormat("en", { timeZone: zone });
		return true;
	} catch {
		return false;
	}
};

/**
 * Makes the function that turns a local date and time into ms; it throws TimeRefused. wallMs: the
 * local time in ms, as if it were in UTC.
 */
export function localTimes({
	zone,
	fold = "refuse",
	gap = "refuse",
}: Omit<LocalTime, "path">): (wallMs: number) => number {
	const offsets = new Map<number, number | undefined>();

	const instants = (local: Temporal.PlainDateTime) => ({
		earlier: local.toZonedDateTime(zone, { disambiguation: "earlier" }),
		later: local.toZonedDateTime(zone, { disambiguation: "later" }),
	});

	/** The offset of the whole quarter of an hour; undefined if it changes in it. */
	const offsetOf = (bucket: number): number | undefined => {
		if (offsets.has(bucket)) return offsets.get(bucket);
		const all = [bucket * BUCKET_MS, (bucket + 1) * BUCKET_MS - 1].flatMap(
			(ms) => {
				const { earlier, later } = instants(plainOf(ms));
				return [ms - earlier.epochMilliseconds, ms - later.epochMilliseconds];
			},
		);
		const offset = all.every((one) => one === all[0]) ? all[0] : undefined;
		if (offsets.size >= BUCKETS_MAX) offsets.clear();
		offsets.set(bucket, offset);
		return offset;
	};

	return (wallMs) => {
		const offset = offsetOf(Math.floor(wallMs / BUCKET_MS));
		if (offset !== undefined) return wallMs - offset;
		const local = plainOf(wallMs);
		const { earlier, later } = instants(local);
		if (earlier.epochMilliseconds === later.epochMilliseconds)
			return earlier.epochMilliseconds;
		if (earlier.toPlainDateTime().equals(local)) {
			if (fold !== "refuse")
				return (fold === "earlier" ? earlier : later).epochMilliseconds;
			throw new TimeRefused(
				"time-ambiguous",
				`${local} occurs twice in ${zone}: its clocks were set back. Say which one is meant: fold "earlier" or "later"`,
			);
		}
		if (gap === "shift") return later.epochMilliseconds;
		throw new TimeRefused(
			"time-does-not-exist",
			`${local} does not exist in ${zone}: its clocks were set forward. Say how to read it: gap "shift"`,
		);
	};
}

const plainOf = (ms: number): Temporal.PlainDateTime =>
	Temporal.Instant.fromEpochMilliseconds(ms)
		.toZonedDateTimeISO("UTC")
		.toPlainDateTime();
