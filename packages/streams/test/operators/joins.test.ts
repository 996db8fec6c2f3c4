/** Joins: who meets whom, at which time, and what stays in the state. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { joinStreams, joinTable, stream } from "../../src/index.ts";
import { testDriver } from "../../src/testing/index.ts";
import { Executor, type Given } from "./executor.ts";

const rides = stream("rides", z.object({ ride: z.int() }));
const stations = stream("stations", z.object({ name: z.string() }));
const named = stream(
	"named",
	z.object({ ride: z.int(), name: z.string().nullable() }),
);
const pairs = stream(
	"pairs",
	z.object({ l: z.int(), r: z.int().nullable(), key: z.string() }),
);
const left = stream("left", z.int());
const right = stream("right", z.int());

const toTable = () =>
	joinTable({
		name: "to-table",
		input: rides,
		table: stations,
		output: named,
		join: ({ value }, row) => ({ ...value, name: row?.name ?? null }),
	});
const ride = (n: number, at: number): Given => ({
	topic: "rides",
	key: "s",
	value: { ride: n },
	at,
});
const station = (name: string | null, at: number): Given => ({
	topic: "stations",
	key: "s",
	value: name === null ? null : { name },
	at,
});

describe("joinTable", () => {
	test("gives the newest row at that moment; null deletes it", () => {
		const executor = new Executor(toTable());
		executor.give(ride(1, 1), station("A", 2), ride(2, 3));
		executor.give(station("B", 4), ride(3, 4), station(null, 5), ride(4, 6));
		expect(executor.values()).toEqual([
			{ ride: 1, name: null },
			{ ride: 2, name: "A" },
			{ ride: 3, name: "B" },
			{ ride: 4, name: null },
		]);
		expect(executor.states.size).toBe(0);
	});

	test("at the same time the update comes first, on the real runtime", async () => {
		const driver = await testDriver(toTable(), {
			inputs: ["stations", "rides"],
		});
		const at = 1_767_225_600_000;
		const record = ({ at: timestamp, topic = "", ...rest }: Given) => ({
			...rest,
			topic,
			timestamp,
		});
		await driver.pipe(
			record(ride(1, at)),
			record(station("A", at)),
			record(ride(2, at + 1)),
		);
		expect(driver.outputs().map((o) => o.json)).toEqual([
			{ ride: 1, name: "A" },
			{ ride: 2, name: "A" },
		]);
		driver.crash();
		await driver.restart();
		await driver.pipe(record(ride(3, at + 2)));
		expect(driver.outputs().map((o) => o.json)).toEqual([
			{ ride: 3, name: "A" },
		]);
		await driver.close();
	});

	test("refuses a row that its schema does not know", () => {
		const executor = new Executor(toTable());
		executor.give({ ...station("A", 1), value: { nom: "A" } });
		expect(executor.deadLetters).toEqual(["bad-field"]);
	});
});

const toStream = (
	options: Partial<Parameters<typeof joinStreams<number, number, unknown>>[0]>,
) =>
	joinStreams<number, number, unknown>({
		name: "to-stream",
		left,
		right,
		output: pairs,
		within: 10,
		join: (l, r, key) => ({ l, r: r ?? null, key }),
		late: "late",
		...options,
	});
const l = (value: number, at: number, key = "k"): Given => ({
	topic: "left",
	key,
	value,
	at,
});
const r = (value: number, at: number, key = "k"): Given => ({
	topic: "right",
	key,
	value,
	at,
});

describe("joinStreams", () => {
	test("joins each pair within the time once, whichever comes first", () => {
		const executor = new Executor(toStream({ grace: 100 }));
		executor.give(l(1, 0), r(2, 10), r(3, 11), l(4, 21), r(5, 0, "other"));
		expect(executor.values()).toEqual([
			{ l: 1, r: 2, key: "k" },
			{ l: 4, r: 3, key: "k" },
		]);
		expect(executor.outputs.map((o) => o.timestamp)).toEqual([10, 21]);
	});

	test("takes another time before than after", () => {
		const executor = new Executor(
			toStream({ within: { before: 0, after: 5 }, grace: 100 }),
		);
		executor.give(l(1, 10), r(2, 9), r(3, 10), r(4, 15), r(5, 16));
		expect(executor.values()).toMatchObject([{ r: 3 }, { r: 4 }]);
	});

	test("left: a record without a partner is given when its time has passed", () => {
		const executor = new Executor(toStream({ type: "left", grace: 5 }));
		executor.give(l(1, 0), l(2, 1), r(3, 11)).advance(15);
		expect(executor.values()).toEqual([{ l: 2, r: 3, key: "k" }]);
		executor.advance(16);
		expect(executor.values().at(-1)).toEqual({ l: 1, r: null, key: "k" });
		executor.advance(1_000);
		expect(executor.values()).toHaveLength(2);
	});

	test("a late record is reported once and joined with nothing", () => {
		const executor = new Executor(toStream({ grace: 5 }));
		executor.give(l(1, 0), r(2, 20), r(3, 14), l(4, 15));
		expect(executor.values()).toEqual([{ l: 4, r: 2, key: "k" }]);
		expect(executor.values("late")).toEqual([
			{ input: "right", value: 3, timestamp: 14, streamTime: 20, windows: [] },
		]);
	});

	test("leaves no state and no timer behind", () => {
		const executor = new Executor(toStream({ grace: 5 }));
		for (let i = 0; i < 500; i++) executor.give(l(i, i), r(i, i));
		expect(JSON.parse(executor.states.get("k") ?? "")[0].length).toBe(16);
		expect(executor.timers.get("k")?.size).toBe(1);
		executor.advance(10_000);
		expect(executor.states.size + executor.timers.size).toBe(0);
	});

	test("bounds what waits for a key", () => {
		const executor = new Executor(toStream({ waitingMax: 3 }));
		executor.give(...[1, 2, 3, 4].map((n) => l(n, 0)), r(9, 0));
		expect(executor.deadLetters).toEqual(["join-buffer-full"]);
		expect(executor.values()).toHaveLength(3);
	});

	test("refuses to join a stream with itself", () => {
		expect(() => toStream({ right: left })).toThrow(
			"joins left with itself: both sides would be the same records",
		);
	});
});
