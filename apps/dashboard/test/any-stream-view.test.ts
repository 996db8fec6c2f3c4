import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	limitOf,
	panned,
	visibleRange,
	zoomed,
} from "../src/any-stream/view/time-range.ts";
import {
	FIRST_VIEW,
	KEYS_CHOSEN_MAX,
	readView,
	type StreamView,
	writeView,
} from "../src/any-stream/view/view.ts";
import { timeTicks } from "../src/chart/time-ticks.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 30, 12);
const EXTENT = {
	oldestMs: NOW - 10 * HOUR,
	newestMs: NOW - 1_000,
	nowMs: NOW,
	intervalMs: 1_000,
};

describe("the address of a view", () => {
	const name = fc.string({ unit: "grapheme", maxLength: 20 });
	const time = fc.oneof(
		fc.constant({ kind: "auto" } as const),
		fc.constant({ kind: "all" } as const),
		fc.integer({ min: 60_000, max: 1e12 }).map((ms) => ({
			kind: "window" as const,
			ms,
		})),
		fc
			.tuple(fc.integer({ max: 4e12 }), fc.integer({ min: 1, max: 1e12 }))
			.map(([fromMs, ms]) => ({
				kind: "fixed" as const,
				fromMs,
				toMs: fromMs + ms,
			})),
	);
	const view = fc.record({
		stream: name.filter((text) => text !== ""),
		measures: fc.uniqueArray(name, { maxLength: 8 }),
		keys: fc
			.tuple(fc.uniqueArray(name, { maxLength: 20 }), fc.boolean())
			.map(([keys, keyless]) => [...keys, ...(keyless ? [null] : [])]),
		time,
		chart: fc.constantFrom("lines", "bars", "heatmap"),
	}) as fc.Arbitrary<StreamView>;

	it("restores all of it, whatever the names are", () => {
		fc.assert(
			fc.property(view, (wanted) => {
				const read = readView(writeView(wanted));
				expect(read).toEqual({ view: wanted, wrong: [] });
			}),
		);
	});

	it("is empty for the list of streams", () => {
		expect(writeView(FIRST_VIEW)).toBe("");
		expect(readView("").view).toEqual(FIRST_VIEW);
	});

	it("says what is wrong in it, and shows the rest", () => {
		const many = Array.from({ length: 60 }, (_, i) => `&key=${i}`).join("");
		const { view, wrong } = readView(
			`?stream=s&range=5x&chart=pie&from=yesterday&measure=a${many}`,
		);
		expect(view).toMatchObject({
			stream: "s",
			measures: ["a"],
			chart: "lines",
		});
		expect(view.keys).toHaveLength(KEYS_CHOSEN_MAX);
		expect(wrong).toHaveLength(4);
		expect(wrong.join("\n")).toContain("range=5x: such as 5m");
	});
});

describe("the visible time", () => {
	it("ends at the clock, whatever one key's clock says", () => {
		const [from, to] = visibleRange(
			{ kind: "window", ms: HOUR },
			{ ...EXTENT, newestMs: NOW + HOUR / 2 },
		);
		expect(to - from).toBe(HOUR);
		expect(to - NOW).toBeLessThan(HOUR / 50);
	});

	it("ends at the newest time if the whole stream lies in the past", () => {
		const newestMs = Date.UTC(2014, 2, 9);
		const [from, to] = visibleRange(
			{ kind: "window", ms: DAY },
			{ ...EXTENT, newestMs, oldestMs: newestMs - DAY },
		);
		expect(from).toBeLessThan(newestMs);
		expect(to - newestMs).toBeLessThan(DAY / 50);
	});

	it("fits the stream's step: all 48 hourly readings are visible (case B07)", () => {
		const oldestMs = 1_789_999_200_000;
		const extent = {
			oldestMs,
			newestMs: oldestMs + 47 * HOUR,
			nowMs: NOW,
			intervalMs: HOUR,
		};
		for (const kind of ["auto", "all"] as const) {
			const range = visibleRange({ kind }, extent);
			expect(range[0]).toBeLessThanOrEqual(oldestMs);
			expect(range[1]).toBeGreaterThan(extent.newestMs);
			const { words } = timeTicks(range, 8, NOW);
			expect(words.length).toBeGreaterThanOrEqual(2);
			expect(words.join(" ")).toMatch(/Sep/);
		}
	});

	it("shows all that is held, and stays while nothing leaves it", () => {
		const range = visibleRange({ kind: "all" }, EXTENT);
		expect(range[0]).toBeLessThan(EXTENT.oldestMs);
		expect(range[1]).toBeGreaterThan(NOW);
		const later = { ...EXTENT, nowMs: NOW + 100, newestMs: NOW };
		expect(visibleRange({ kind: "all" }, later)).toEqual(range);
	});

	it("zooms out to what is held and no further, with few labels at each step", () => {
		let range = visibleRange({ kind: "window", ms: 60_000 }, EXTENT);
		for (let press = 0; press < 100; press++) {
			range = zoomed(range, 2, limitOf(range, EXTENT));
			expect(timeTicks(range, 8).values.length).toBeLessThanOrEqual(9);
		}
		expect(range[0]).toBeLessThan(EXTENT.oldestMs);
		expect(range[1] - range[0]).toBeLessThan(12 * HOUR);
		expect(zoomed(range, 2, limitOf(range, EXTENT))).toEqual(range);
	});

	it("keeps the place under the pointer while zooming in", () => {
		const limit = [0, 1_000_000] as const;
		expect(zoomed([100_000, 200_000], 0.5, limit, 0.25)).toEqual([
			112_500, 162_500,
		]);
		expect(zoomed([100_000, 200_000], 1e-9, limit)).toEqual([149_950, 150_050]);
	});

	it("moves only to where something is held", () => {
		const limit = [0, 1_000] as const;
		expect(panned([100, 200], -0.5, limit)).toEqual([50, 150]);
		expect(panned([100, 200], -5, limit)).toEqual([0, 100]);
		expect(panned([100, 200], 50, limit)).toEqual([900, 1_000]);
		expect(panned([2_000, 2_100], 1, limit)).toEqual([2_000, 2_100]);
	});
});
