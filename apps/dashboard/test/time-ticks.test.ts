import fc from "fast-check";
import { afterEach, expect, it } from "vitest";
import { lastTimeTick, timeTicks } from "../src/chart/time-ticks.ts";

const SECOND = 1_000;
const DAY = 86_400 * SECOND;
const YEAR = 365.25 * DAY;
const NOW = new Date(2026, 5, 15, 12).getTime();
const MOST = 8;

const zone = process.env.TZ;
afterEach(() => {
	if (zone === undefined) delete process.env.TZ;
	else process.env.TZ = zone;
});

it("labels round times, few enough for the width", () => {
	const { values, words } = timeTicks([NOW, NOW + 300_000], MOST, NOW);
	expect(values).toEqual([0, 1, 2, 3, 4, 5].map((m) => NOW + m * 60_000));
	expect(words.every((word) => /^\d\d:\d\d$/.test(word))).toBe(true);
	const [seconds] = timeTicks([NOW, NOW + 60_000], MOST, NOW).words;
	expect(seconds).toMatch(/^\d\d:\d\d:\d\d$/);
});

it("are never more than about ten, and at least two, from 1 s to 100 years and far beyond", () => {
	const span = fc.double({ min: 0, max: 1, noNaN: true }).map(
		// Evenly distributed over the orders of magnitude.
		(part) => SECOND * ((100 * YEAR) / SECOND) ** part,
	);
	const from = fc.integer({
		min: new Date(1900, 0).getTime(),
		max: new Date(2100, 0).getTime(),
	});
	fc.assert(
		fc.property(from, span, (start, ms) => {
			const range = [start, start + ms] as const;
			const { values, words } = timeTicks(range, MOST, NOW);
			expect(values.length).toBeLessThanOrEqual(MOST + 1);
			expect(values.length).toBeGreaterThanOrEqual(2);
			expect(words.length).toBe(values.length);
			expect(values.every((t) => t >= range[0] && t <= range[1])).toBe(true);
			expect(values).toEqual([...new Set(values)].sort((a, b) => a - b));
			expect(lastTimeTick(range, MOST)).toBe(values.at(-1));
		}),
		{ numRuns: 2_000 },
	);
	for (let ms = SECOND; ms < 1e18; ms *= 2)
		expect(
			timeTicks([NOW - ms, NOW + ms], MOST, NOW).values.length,
		).toBeLessThanOrEqual(MOST + 1);
});

it.each(["UTC", "America/New_York", "Asia/Kolkata", "Pacific/Apia"])(
	"of a day and more lie on local midnight in %s, also over changes of summer time",
	(name) => {
		process.env.TZ = name;
		for (const days of [5, 12, 60, 200, 1_000, 20_000]) {
			const start = new Date(2025, 1, 20, 7).getTime();
			const { values } = timeTicks([start, start + days * DAY], MOST, NOW);
			for (const t of values) expect(new Date(t).getHours()).toBe(0);
		}
	},
);

const inWords = (date: Date, options: Intl.DateTimeFormatOptions) =>
	new Intl.DateTimeFormat(undefined, options).format(date);

it("labels days, months and years instead of hours, and the shared date once", () => {
	const words = (from: Date, to: Date) =>
		timeTicks([from.getTime(), to.getTime()], MOST, NOW).words;
	const year = { year: "numeric" } as const;
	const dayOf = { day: "numeric", month: "short" } as const;
	const years = words(new Date(1950, 0, 1), new Date(2026, 0, 1));
	expect(years[0]).toBe(inWords(new Date(1950, 0, 1), year));
	const months = words(new Date(2025, 0, 1), new Date(2026, 5, 1));
	expect(months[0]).toBe(
		inWords(new Date(2025, 0, 1), { ...year, month: "short" }),
	);
	const days = words(new Date(2024, 2, 1), new Date(2024, 2, 9));
	const of2024 = `<br>${inWords(new Date(2024, 2, 1), year)}`;
	expect(days.map((word) => word.endsWith(of2024))).toEqual(
		days.map((_, i) => i === 0),
	);
	const hours = words(new Date(2026, 5, 14, 1), new Date(2026, 5, 15, 12));
	const date = inWords(new Date(2026, 5, 14), { ...year, ...dayOf });
	expect(hours[0]).toContain(`<br>${date}`);
	expect(hours).toContain(inWords(new Date(2026, 5, 15), dayOf));
	const today = words(new Date(2026, 5, 15, 1), new Date(2026, 5, 15, 12));
	expect(today.join()).not.toContain("<br>");
});
