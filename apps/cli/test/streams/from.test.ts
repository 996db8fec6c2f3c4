/** `--from`: where to begin. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { parseFrom, parseRestart } from "../../src/streams/from.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");
beforeEach(() => {
	vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
	vi.useRealTimers();
});

test("names, numbers, times, and how long ago", () => {
	expect(parseFrom("beginning")).toEqual({ kind: "beginning" });
	expect(parseFrom("end")).toEqual({ kind: "end" });
	expect(parseFrom("-0")).toEqual({ kind: "end" });
	expect(parseFrom("-25")).toEqual({ kind: "last", count: 25 });
	expect(parseFrom("15m")).toEqual({ kind: "time", time: NOW - 900_000 });
	for (const text of [
		"2026-02-28",
		"2026-02-28T00:00:00Z",
		"2026-02-28T01:00:00+01:00",
	])
		expect(parseFrom(text)).toEqual({
			kind: "time",
			time: Date.parse("2026-02-28T00:00:00Z"),
		});
	expect(parseRestart("earliest")).toEqual({ kind: "beginning" });
	expect(parseRestart("1h")).toEqual({ kind: "time", time: NOW - 3_600_000 });
});

test("anything else is refused, with what is expected", () => {
	for (const text of ["", "25", "2026-02-30", "2026-02-28T00:00:00", "now"])
		expect(() => parseFrom(text)).toThrow(/^--from .*: expected beginning/);
	expect(() => parseFrom("-10001")).toThrow("at most the last 10000 records");
	for (const text of ["beginning", "-5", "latest"])
		expect(() => parseRestart(text)).toThrow(/: expected earliest/);
});
