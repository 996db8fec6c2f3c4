/** Which history the page asks for, and when it needs none. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PointStore } from "../src/any-stream/data/point-store.ts";
import {
	heldTimes,
	historyIsNeeded,
} from "../src/any-stream/history/held-times.ts";
import { wantedHistory } from "../src/any-stream/history/history-range.ts";
import { questionsOf } from "../src/any-stream/history/stream-history.ts";

describe("the range that is asked for", () => {
	it("covers what is visible with a bucket a pixel, and is the same after small moves", () => {
		fc.assert(
			fc.property(
				fc.double({ min: 0, max: 2e12, noNaN: true }),
				fc.double({ min: 100, max: 3e11, noNaN: true }),
				fc.integer({ min: 300, max: 1_200 }),
				(from, span, pixels) => {
					const to = from + span;
					const { fromMs, toMs, points } = wantedHistory([from, to], pixels);
					expect(fromMs).toBeLessThanOrEqual(from);
					expect(toMs).toBeGreaterThan(to);
					expect([fromMs, toMs].every(Number.isSafeInteger)).toBe(true);
					expect(toMs - fromMs).toBeLessThanOrEqual(3 * span);
					expect((toMs - fromMs) / points).toBeLessThanOrEqual(span / pixels);
					const moves = Array.from({ length: 50 }, (_, i) =>
						JSON.stringify(
							wantedHistory([from + i * span * 0.01, to + i * span * 0.01], 1),
						),
					);
					expect(new Set(moves).size).toBeLessThan(6);
				},
			),
		);
	});

	it("names the keys as far as a question has room, and all of them if one has no name", () => {
		const many = Array.from({ length: 120 }, (_, i) => `key-${i}`);
		const questions = questionsOf(many);
		expect(questions.map(({ length }) => length)).toEqual([50, 50, 20]);
		expect(questions.flat()).toEqual(many);
		const long = ["é".repeat(900), "è".repeat(900), ""];
		expect(questionsOf(long)).toEqual([[long[0]], [long[1], ""]]);
		expect(questionsOf(["a", null])).toEqual([[]]);
		expect(questionsOf([])).toEqual([]);
	});
});

describe("the lake is asked", () => {
	const store = (placed: boolean) => {
		const made = new PointStore();
		made.takeKeys([
			{ index: 0, key: "a" },
			{ index: 1, key: "b" },
		]);
		const place = placed ? { partition: [0, 0], offset: [7, 8] } : {};
		made.takeEvents({
			type: "snapshot",
			columns: { key: [0, 1], timestamp: [100, 150], ...place, measures: {} },
		});
		return made;
	};
	const table = { timeMin: 50, timeMax: 120 };

	it("if the visible time reaches behind a key's live points, to where the table has rows", () => {
		const needed = (from: number, to: number, keys = [0, 1]) =>
			historyIsNeeded([from, to], store(true), keys, table);
		expect(needed(60, 200)).toBe(true);
		expect(needed(110, 200)).toBe(true);
		expect(needed(110, 200, [0])).toBe(false);
		expect(needed(150, 200)).toBe(false);
		expect(needed(0, 40)).toBe(false);
		expect(needed(125, 200)).toBe(false);
	});

	it("never if there is no table, or a server does not say which records its points are", () => {
		expect(historyIsNeeded([0, 200], store(true), [0], undefined)).toBe(false);
		expect(historyIsNeeded([0, 200], store(false), [0], table)).toBe(false);
	});

	it("times of the table reach back, but never beyond the clock", () => {
		const none = { oldestMs: Infinity, newestMs: -Infinity };
		expect(heldTimes(store(true), table, 160)).toEqual({
			oldestMs: 50,
			newestMs: 150,
		});
		expect(heldTimes(none, { timeMin: 50, timeMax: 1e15 }, 160)).toEqual({
			oldestMs: 50,
			newestMs: 160,
		});
		expect(heldTimes(none, undefined, 160)).toEqual(none);
	});
});
