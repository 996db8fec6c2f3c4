/** Times as the case B06 has them, and the days when clocks change. */
import { expect, test } from "vitest";
import { type LocalTime, TimeRefused, timeReader } from "../../src/index.ts";

const outcome = (read: (value: unknown) => number, value: unknown): string => {
	try {
		return new Date(read(value)).toISOString();
	} catch (error) {
		if (error instanceof TimeRefused) return error.code;
		throw error;
	}
};

const utc = timeReader({ path: "t", zone: "UTC" });
test.each([
	["2014-03-09 01:30:00", "2014-03-09T01:30:00.000Z"],
	["2014-03-09 02:30:00", "2014-03-09T02:30:00.000Z"],
	["10/03/2004 18:00:00", "bad-time"],
	["13/03/2004 18:00:00", "bad-time"],
	["5", "bad-time"],
	["20260131T120000Z", "2026-01-31T12:00:00.000Z"],
	["2026-01-31", "2026-01-31T00:00:00.000Z"],
	["2026-01-31T12:00:00", "2026-01-31T12:00:00.000Z"],
	["2026-01-31T12:00:00+0100", "2026-01-31T11:00:00.000Z"],
	["2026-01-31T12:00:00,500Z", "2026-01-31T12:00:00.500Z"],
	["2026-01-31T12:00:00.123456789Z", "2026-01-31T12:00:00.123Z"],
	["2026-02-30T00:00:00Z", "bad-time"],
	["2026-02-30", "bad-time"],
	["2026-13-01T00:00:00Z", "bad-time"],
	["2026-01-31T24:00:00Z", "bad-time"],
	["2026-W05-6", "bad-time"],
	["1769860800000", "bad-time"],
	["0050-01-01T00:00:00Z", "0050-01-01T00:00:00.000Z"],
	[5, "bad-time"],
])("%s in UTC", (text, expected) => {
	expect(outcome(utc, text)).toBe(expected);
});

test("without a zone a text needs an offset", () => {
	const read = timeReader({ path: "t" });
	expect(outcome(read, "2026-01-31T12:00:00")).toBe("time-without-zone");
	expect(outcome(read, "2026-01-31T12:00:00-05:00")).toBe(
		"2026-01-31T17:00:00.000Z",
	);
});

const newYork: LocalTime = { path: "t", zone: "America/New_York" };
test.each([
	["2014-03-09T01:59:59", newYork, "2014-03-09T06:59:59.000Z"],
	["2014-03-09T02:30:00", newYork, "time-does-not-exist"],
	[
		"2014-03-09T02:30:00",
		{ ...newYork, gap: "shift" },
		"2014-03-09T07:30:00.000Z",
	],
	["2014-03-09T03:00:00", newYork, "2014-03-09T07:00:00.000Z"],
	["2014-11-02T00:59:59", newYork, "2014-11-02T04:59:59.000Z"],
	["2014-11-02T01:30:00", newYork, "time-ambiguous"],
	[
		"2014-11-02T01:30:00",
		{ ...newYork, fold: "earlier" },
		"2014-11-02T05:30:00.000Z",
	],
	[
		"2014-11-02T01:30:00",
		{ ...newYork, fold: "later" },
		"2014-11-02T06:30:00.000Z",
	],
	["2014-11-02T01:30:00-04:00", newYork, "2014-11-02T05:30:00.000Z"],
	["2014-11-02T02:00:00", newYork, "2014-11-02T07:00:00.000Z"],
] as [string, LocalTime, string][])("%s, %o", (text, spec, expected) => {
	const read = timeReader(spec);
	// Twice: the second answer comes from the kept offsets.
	expect([outcome(read, text), outcome(read, text)]).toEqual([
		expected,
		expected,
	]);
});

test("every minute of two days of change agrees with the zone's own calendar", () => {
	const format = new Intl.DateTimeFormat("sv-SE", {
		timeZone: "Europe/Berlin",
		dateStyle: "short",
		timeStyle: "medium",
	});
	const read = timeReader({
		path: "t",
		zone: "Europe/Berlin",
		fold: "earlier",
	});
	const seen = new Set<string>();
	for (const day of ["2026-03-29T00:00:00Z", "2026-10-25T00:00:00Z"])
		for (let minute = 0; minute < 240; minute++) {
			const ms = Date.parse(day) + minute * 60_000;
			const local = format.format(ms);
			if (seen.has(local)) continue;
			seen.add(local);
			expect([local, read(local)]).toEqual([local, ms]);
		}
	expect(seen.size).toBe(420);
});
