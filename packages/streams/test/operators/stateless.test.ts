/** map, filter, rekey, branch and merge; versions of states. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
	branch,
	filter,
	map,
	merge,
	rekey,
	stream,
	tumbling,
	versioned,
	windowed,
} from "../../src/index.ts";
import { testDriver } from "../../src/testing/index.ts";
import { Executor } from "./executor.ts";

const numbers = stream("numbers", z.number());
const others = stream("others", z.number());
const texts = stream("texts", z.string());
const give = (...values: number[]) =>
	values.map((value) => ({ key: "k", value, at: 5 }));

describe("operators without state", () => {
	test("map gives one, several or no values", () => {
		const executor = new Executor(
			map({
				name: "m",
				input: numbers,
				output: texts,
				map: ({ value }) =>
					value < 2
						? { value: `${value}`, key: "low" }
						: Array.from({ length: value - 2 }, () => ({ value: "x" })),
			}),
		);
		executor.give(...give(1, 2, 4));
		expect(executor.outputs).toEqual([
			{ topic: "texts", key: "low", json: "1", timestamp: 5 },
			{ topic: "texts", key: "k", json: "x", timestamp: 5 },
			{ topic: "texts", key: "k", json: "x", timestamp: 5 },
		]);
	});

	test("filter keeps and counts", () => {
		const executor = new Executor(
			filter({
				name: "f",
				input: numbers,
				output: others,
				keep: ({ value }) => value > 1,
			}),
		);
		executor.give(...give(1, 2, 3));
		expect(executor.values()).toEqual([2, 3]);
		expect(executor.counts.get("filtered")).toBe(1);
	});

	test("branch gives each record to the first that takes it", () => {
		const [low, even, rest] = ["low", "even", "rest"].map((name) =>
			stream(name, z.number()),
		) as [typeof numbers, typeof numbers, typeof numbers];
		const branches = [
			{ to: low, when: ({ value }: { value: number }) => value < 2 },
			{ to: even, when: ({ value }: { value: number }) => value % 2 === 0 },
		];
		const all = new Executor(
			branch({ name: "b", input: numbers, branches, otherwise: rest }),
		).give(...give(0, 4, 5));
		expect(all.outputs.map((o) => [o.topic, o.json])).toEqual([
			["low", 0],
			["even", 4],
			["rest", 5],
		]);
		const some = new Executor(branch({ name: "b", input: numbers, branches }));
		some.give(...give(5));
		expect(some.counts.get("unmatched")).toBe(1);
	});

	test("merge reads each input", () => {
		const joined = stream("joined", z.number());
		const merged = new Executor(
			merge({ name: "m", inputs: [numbers, others], output: joined }),
		).give(
			{ topic: "numbers", key: "a", value: 1, at: 0 },
			{ topic: "others", key: "b", value: 2, at: 0 },
		);
		expect(merged.values()).toEqual([1, 2]);
	});

	test("rekey sends a record to the partition of its new key", async () => {
		const driver = await testDriver(
			rekey({
				name: "r",
				input: numbers,
				output: others,
				key: ({ value }) => String(value % 2),
			}),
		);
		await driver.pipe(
			...Array.from({ length: 40 }, (_, i) => ({ key: `k${i}`, value: i })),
		);
		const outputs = driver.outputs();
		for (const key of ["0", "1"]) {
			const mine = outputs.filter((o) => o.key === key);
			expect(mine).toHaveLength(20);
			expect(new Set(mine.map((o) => o.partition)).size).toBe(1);
		}
		await driver.close();
	});

	test("an output that does not fit its schema stops the stage", () => {
		const wrong = map({
			name: "m",
			input: numbers,
			output: texts,
			map: () => ({ value: 1 as unknown as string }),
		});
		expect(() => new Executor(wrong).give(...give(1))).toThrow(z.ZodError);
	});
});

describe("versioned states", () => {
	const second = versioned({
		schemas: [z.object({ n: z.int() }), z.object({ count: z.int() })],
		migrate: [({ n }: { n: number }) => ({ count: n })],
	});

	test("are migrated when they are read, also from before versions", () => {
		expect(second.decode("k", '{"n":3}')).toEqual({ count: 3 });
		expect(second.decode("k", '{"@version":1,"state":{"n":3}}')).toEqual({
			count: 3,
		});
		const text = second.encode({ count: 4 });
		expect(text).toBe('{"@version":2,"state":{"count":4}}');
		expect(second.decode("k", text)).toEqual({ count: 4 });
	});

	test("of a newer program are refused", () => {
		expect(() => second.decode("k", '{"@version":3,"state":{}}')).toThrow(
			"the state has version 3, and this program knows versions up to 2: run the newer program again, or reset the stage",
		);
	});

	test("need a migration between any two", () => {
		expect(() =>
			versioned({ schemas: [z.int(), z.int()], migrate: [] }),
		).toThrow("2 versions need 1 migrations, not 0");
	});

	test("refuse what a wrong migration returns", () => {
		const wrong = versioned({
			schemas: [z.int(), z.string()],
			migrate: [(n: number) => n],
		});
		expect(() => wrong.decode("k", "1")).toThrow(
			"the migration from version 1 to 2 returned a state that does not fit",
		);
	});

	test("are refused when JSON would change them", () => {
		const dates = versioned({ schemas: [z.date()], migrate: [] });
		expect(() => dates.encode(new Date(0))).toThrow("a state that");
	});

	test("are kept in windows that a newer program goes on with", () => {
		const definition = {
			name: "w",
			input: numbers,
			output: others,
			window: tumbling(10),
			initial: () => ({ count: 0 }),
			add: ({ count }: { count: number }) => ({ count: count + 1 }),
			result: ({ count }: { count: number }) => count,
		};
		const old = new Executor(
			windowed({
				...definition,
				accumulator: z.object({ n: z.int() }),
				initial: () => ({ n: 0 }),
				add: ({ n }) => ({ n: n + 1 }),
				result: ({ n }) => n,
			}),
		).give(...give(1, 1));
		const newer = new Executor(
			windowed({ ...definition, accumulator: second }),
		);
		newer.states.set("k", old.states.get("k") as string);
		newer.timers.set("k", new Set([10]));
		newer.give(...give(1)).advance(10);
		expect(newer.values()).toEqual([3]);
	});
});
