/** Windows: what is in which, when they close, and what is too late. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
	hopping,
	session,
	stream,
	tumbling,
	windowed,
} from "../../src/index.ts";
import { Executor, type Given } from "./executor.ts";
import { type Result, summed } from "./window-operators.ts";

let id = 0;
const at = (time: number, key = "a", amount = 1): Given => ({
	key,
	at: time,
	value: { id: id++, amount },
});
const spans = (executor: { values(): unknown[] }) =>
	(executor.values() as Result[]).map(({ key, start, end, count }) => [
		key,
		start,
		end,
		count,
	]);

describe("tumbling windows", () => {
	test("close when the clock reaches end plus grace, not a ms before", () => {
		const executor = new Executor(summed(tumbling(10), 5));
		executor.give(at(0), at(9), at(10)).advance(14);
		expect(executor.values()).toEqual([]);
		executor.advance(15);
		expect(spans(executor)).toEqual([["a", 0, 10, 2]]);
		expect(executor.outputs[0]?.timestamp).toBe(9);
	});

	test("are aligned to 1970, before it too", () => {
		const executor = new Executor(summed(tumbling(10)));
		executor.give(at(-11), at(-10), at(-1), at(0)).advance(100);
		expect(spans(executor)).toEqual([
			["a", -20, -10, 1],
			["a", -10, 0, 2],
			["a", 0, 10, 1],
		]);
	});

	test("take a record out of order within the grace, and report it after", () => {
		const executor = new Executor(summed(tumbling(10), 5));
		executor.give(at(1), at(14), at(2));
		executor.give(at(15), at(3));
		executor.advance(100);
		expect(spans(executor)).toEqual([
			["a", 0, 10, 2],
			["a", 10, 20, 2],
		]);
		expect(executor.counts.get("late")).toBe(1);
		expect(executor.values("late")).toMatchObject([
			{
				input: "events",
				timestamp: 3,
				streamTime: 15,
				windows: [{ start: 0, end: 10 }],
			},
		]);
	});

	test("of a silent key close by another key's records", () => {
		const executor = new Executor(summed(tumbling(10)));
		executor.give(at(1, "silent"), at(10, "loud"));
		expect(spans(executor)).toEqual([["silent", 0, 10, 1]]);
	});

	test("leave no state and no timer when they close", () => {
		const executor = new Executor(summed(tumbling(10), 3));
		for (let time = 0; time < 1_000; time++) executor.give(at(time, "a"));
		expect(executor.timers.get("a")?.size).toBe(1);
		expect(JSON.parse(executor.states.get("a") ?? "")).toHaveLength(1);
		executor.advance(1_003);
		expect(executor.states.size).toBe(0);
		expect(executor.timers.size).toBe(0);
		expect(spans(executor)).toHaveLength(100);
	});

	test("with updates give each change and nothing at the close", () => {
		const executor = new Executor(summed(tumbling(10), 0, "updates"));
		executor.give(at(1), at(2)).advance(10);
		expect(spans(executor)).toEqual([
			["a", 0, 10, 1],
			["a", 0, 10, 2],
		]);
		expect(executor.outputs.map((o) => o.timestamp)).toEqual([1, 2]);
		expect(executor.states.size).toBe(0);
	});
});

describe("hopping windows", () => {
	test("contain a record in each that covers it", () => {
		const executor = new Executor(summed(hopping(10, 4)));
		executor.give(at(-1), at(8)).advance(100);
		expect(spans(executor)).toEqual([
			["a", -8, 2, 1],
			["a", -4, 6, 1],
			["a", 0, 10, 1],
			["a", 4, 14, 1],
			["a", 8, 18, 1],
		]);
	});

	test("report a record late once, and keep it where it is in time", () => {
		const executor = new Executor(summed(hopping(10, 5)));
		executor.give(at(12), at(7)).advance(100);
		expect(executor.values("late")).toMatchObject([
			{ windows: [{ start: 0, end: 10 }] },
		]);
		expect(spans(executor)).toEqual([
			["a", 5, 15, 2],
			["a", 10, 20, 1],
		]);
	});
});

describe("session windows", () => {
	test("end a gap after the last record", () => {
		const executor = new Executor(summed(session(10)));
		executor.give(at(0), at(9), at(18), at(28)).advance(100);
		expect(spans(executor)).toEqual([
			["a", 0, 28, 3],
			["a", 28, 38, 1],
		]);
	});

	test("merge when a record comes between them", () => {
		const executor = new Executor(summed(session(10), 100));
		executor.give(at(0, "a", 1), at(18, "a", 2), at(9, "a", 4)).advance(127);
		expect(executor.values()).toEqual([]);
		executor.advance(128);
		expect(spans(executor)).toEqual([["a", 0, 28, 3]]);
		expect(executor.values()).toMatchObject([{ sum: 7 }]);
	});

	test("take an old record that lies within an open session", () => {
		const executor = new Executor(summed(session(10)));
		executor.give(at(0), at(9), at(5), at(18), at(1)).advance(100);
		expect(spans(executor)).toEqual([["a", 0, 28, 5]]);
		expect(executor.values("late")).toEqual([]);
	});

	test("need few timers for a long session", () => {
		const executor = new Executor(summed(session(10)));
		for (let time = 0; time < 1_000; time++) executor.give(at(time));
		expect(executor.timers.get("a")?.size).toBe(1);
		executor.advance(2_000);
		expect(spans(executor)).toEqual([["a", 0, 1_009, 1_000]]);
		expect(executor.timers.size).toBe(0);
	});

	test("cannot be made without merge", () => {
		const one = stream("one", z.number());
		expect(() =>
			windowed({
				name: "w",
				input: one,
				output: one,
				window: session(1),
				accumulator: z.number(),
				initial: () => 0,
				add: (n) => n + 1,
				result: (n) => n,
			}),
		).toThrow("the stage w has session windows and needs merge");
	});
});

test("days of event time have 24 hours, also when clocks change", () => {
	const day = 86_400_000;
	// In Berlin the clocks go forward on 2026-03-29; windows are in UTC.
	const start = Date.UTC(2026, 2, 29);
	const executor = new Executor(summed(tumbling("1d")));
	for (let hour = 0; hour < 48; hour++)
		executor.give(at(start + hour * 3_600_000));
	executor.advance(start + 2 * day);
	expect(spans(executor)).toEqual([
		["a", start, start + day, 24],
		["a", start + day, start + 2 * day, 24],
	]);
});

test("an accumulator that JSON cannot hold is refused at its record", () => {
	const amounts = stream("amounts", z.number());
	const mean = windowed({
		name: "mean",
		input: amounts,
		output: amounts,
		window: tumbling(10),
		accumulator: z.number(),
		initial: () => 0,
		add: (sum, { value }) => sum / value,
		result: (sum) => sum,
	});
	expect(() => new Executor(mean).give({ key: "a", at: 0, value: 0 })).toThrow(
		"the step returned a state that its schema rejects",
	);
});

test.each([
	[() => tumbling(0), "the size of a tumbling window is 0"],
	[() => tumbling("1 hour"), "give ms as a whole number"],
	[() => hopping(10, 20), "records between two windows would be in none"],
	[() => hopping("1d", 1), "more than 1000: use a longer advance"],
])("a wrong window is refused: %#", (make, message) => {
	expect(make).toThrow(message);
});
