/** The event-time clock and the timers of a stage, on the real runtime in memory. */
import { TIMER_PREFIX } from "@fireworks/contracts";
import { describe, expect, test } from "vitest";
import type { Stage } from "../src/index.ts";
import { testDriver } from "../src/testing/index.ts";

interface Note {
	key: string;
	at: number;
	/** Times to schedule. */
	timers?: number[];
}

/** Writes what happens to each key: records with the clock that they see, and timers. */
const diary: Stage<Note, string[], { key: string; text: string; at: number }> =
	{
		name: "diary",
		decode: ({ key, value }) => ({
			...JSON.parse(String(value)),
			key: String(key),
		}),
		keyOf: ({ key }) => key,
		timeOf: ({ at }) => at,
		step: (lines = [], { key, at, timers = [] }, context) => {
			for (const timer of timers) context.schedule(timer);
			const text = `record ${at} at ${context.streamTime}`;
			return { state: [...lines, text], outputs: [{ key, text, at }] };
		},
		onTimer: (lines = [], key, at, context) => {
			const text = `timer ${at} at ${context.streamTime}`;
			return { state: [...lines, text], outputs: [{ key, text, at }] };
		},
		encodeOutput: ({ key, text, at }) => ({ key, value: text, timestamp: at }),
		state: { encode: JSON.stringify, decode: (_, text) => JSON.parse(text) },
		config: {},
	};

const open = (partitions = 1, stage = diary) =>
	testDriver(stage, { partitions });
const note = (key: string, at: number, ...timers: number[]) => ({
	key,
	value: { at, timers },
});
const texts = (driver: Awaited<ReturnType<typeof open>>) =>
	driver.outputs().map(({ key, value }) => `${key} ${value}`);

describe("timers", () => {
	test("fire in the order of time, then key, before the record that moves the clock past them", async () => {
		const driver = await open();
		await driver.pipe(
			note("b", 1, 20, 10),
			note("a", 2, 10, 10),
			note("c", 15),
			note("c", 20),
		);
		expect(texts(driver)).toEqual([
			"b record 1 at 1",
			"a record 2 at 2",
			"a timer 10 at 15",
			"b timer 10 at 15",
			"c record 15 at 15",
			"b timer 20 at 20",
			"c record 20 at 20",
		]);
		await driver.close();
	});

	test("of a time that has passed fire directly after the step", async () => {
		const driver = await open();
		await driver.pipe(note("a", 100, 50), note("a", 101));
		expect(texts(driver)).toEqual([
			"a record 100 at 100",
			"a timer 50 at 100",
			"a record 101 at 101",
		]);
		await driver.close();
	});

	test.each(["restart", "crash"] as const)(
		"survive a %s, and fire once",
		async (how) => {
			const driver = await open(2);
			await driver.pipe(note("a", 1, 10, 30), note("b", 2, 20));
			if (how === "crash") driver.crash();
			await driver.restart();
			await driver.pipe(note("a", 15));
			if (how === "crash") driver.crash();
			await driver.restart();
			await driver.pipe(note("a", 40), note("b", 40));
			const all = texts(driver).filter((text) => text.includes("timer"));
			expect(all.sort()).toEqual([
				"a timer 10 at 15",
				"a timer 30 at 40",
				"b timer 20 at 40",
			]);
			await driver.close();
		},
	);

	test("that fired are deleted from the changelog", async () => {
		const driver = await open();
		await driver.pipe(note("a", 1, 10));
		await driver.pipe(note("a", 10));
		const timers = driver
			.changelog()
			.filter(({ key }) => key?.startsWith(TIMER_PREFIX));
		expect(timers.map(({ key, value }) => [key, value])).toEqual([
			["t/a", "[10]"],
			["t/a", null],
		]);
		await driver.close();
	});

	test("more of them than a transaction holds fire in several", async () => {
		const driver = await open();
		const many = Array.from({ length: 9_000 }, (_, i) => 10 + i);
		await driver.pipe(note("a", 1, ...many));
		await driver.pipe(note("b", 100_000));
		expect(texts(driver).length).toBe(9_002);
		await driver.close();
	});

	test("set by a timer for its own time or before stop the stage", async () => {
		const driver = await open(1, {
			...diary,
			onTimer: (_state, _key, at, context) => {
				context.schedule(at);
				return {};
			},
		});
		await expect(driver.pipe(note("a", 1, 1))).rejects.toThrow(
			'threw for the timer 1 of the key "a", partition 0: onTimer scheduled 1',
		);
	});

	test("need onTimer", async () => {
		const { onTimer: _, ...rest } = diary;
		const driver = await open(1, rest);
		await expect(driver.pipe(note("a", 1, 2))).rejects.toThrow(
			"the stage schedules a timer, but has no onTimer",
		);
	});
});

describe("the clock of a partition", () => {
	test("is the newest event time, and does not go back, also across a restart", async () => {
		const driver = await open();
		await driver.pipe(note("a", 5), note("a", -3), note("a", 0));
		await driver.restart();
		await driver.pipe(note("a", 1), note("a", 6));
		expect(texts(driver)).toEqual([
			"a record 5 at 5",
			"a record -3 at 5",
			"a record 0 at 5",
			"a record 1 at 5",
			"a record 6 at 6",
		]);
		await driver.close();
	});

	test("advances with the wall clock while no record comes, from the last event time", async () => {
		const driver = await open();
		const year2012 = Date.UTC(2012, 0, 1);
		await driver.pipe(note("a", year2012, year2012 + 86_400_000));
		await driver.advanceClock("23h");
		expect(texts(driver).length).toBe(1);
		await driver.advanceClock("1h");
		const [fired] = driver.outputs();
		const [, at] = /at (\d+)$/.exec(fired?.value ?? "") ?? [];
		expect(Number(at) - year2012).toBeGreaterThanOrEqual(86_400_000);
		expect(Number(at) - year2012).toBeLessThan(86_410_000);
		await driver.close();
	});

	test("is not moved by a record far ahead of the wall clock, which is refused", async () => {
		const driver = await open();
		const future = Date.UTC(2999, 0, 1);
		await driver.pipe(note("a", 1, 10), note("a", future), note("a", 2));
		expect(driver.deadLetters().map(({ code }) => code)).toEqual([
			"too-far-ahead",
		]);
		expect(texts(driver)).toEqual(["a record 1 at 1", "a record 2 at 2"]);
		await driver.close();
	});

	test("is there only for stages that have one", async () => {
		const { timeOf: _, onTimer: __, ...rest } = diary;
		const driver = await open(1, rest);
		await expect(driver.pipe(note("a", 1))).rejects.toThrow(
			"the stage has no clock",
		);
	});
});
