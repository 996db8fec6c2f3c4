/**
 * Windows, sessions and joins on the real runtime, with four partitions and a crash between, give
 * what plain SQL gives for the same random records.
 */
import { partitionOf } from "@fireworks/contracts";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import {
	hopping,
	joinStreams,
	type Operator,
	session,
	stream,
} from "../../src/index.ts";
import {
	type TestInput,
	type TestOutput,
	testDriver,
} from "../../src/testing/index.ts";
import { inOrder, pairsBySql, sessionsBySql, windowsBySql } from "./by-sql.ts";
import { openSql, type Sql } from "./sql.ts";
import { type Result, summed } from "./window-operators.ts";

let sql: Sql;
beforeAll(async () => {
	sql = await openSql();
});
afterAll(() => sql.close());

const RUNS = 15;
const PARTITIONS = 4;
const START = 1_767_225_600_000;
const KEYS = ["a", "b", "c", "d"];

interface Row {
	readonly topic: string;
	readonly key: string;
	readonly at: number;
	readonly amount: number;
}
const rowsOf = (...topics: string[]) =>
	fc.array(
		fc.record({
			topic: fc.constantFrom(...topics),
			key: fc.constantFrom(...KEYS),
			at: fc.integer({ min: START - 50, max: START + 50 }),
			amount: fc.integer({ min: -1_000, max: 1_000 }),
		}),
		{ maxLength: 150 },
	);
const length = fc.integer({ min: 1, max: 30 });
const grace = fc.integer({ min: 0, max: 40 });
const cut = fc.nat(150);

const load = (given: readonly Row[]) =>
	sql.load(
		"events",
		{
			id: "BIGINT",
			topic: "VARCHAR",
			key: "VARCHAR",
			ts: "BIGINT",
			amount: "BIGINT",
			p: "BIGINT",
		},
		given.map(({ topic, key, at, amount }, id) => [
			id,
			topic,
			key,
			at,
			amount,
			partitionOf(Buffer.from(key), PARTITIONS),
		]),
	);

/**
 * Runs the records through the stage. oneByOne: each on its own, so that records of several inputs
 * come in their order.
 */
async function run<I, S, O>(
	stage: Operator<I, S, O>,
	inputs: readonly TestInput[],
	{ cutAt, oneByOne = false }: { cutAt: number; oneByOne?: boolean },
): Promise<(topic: string) => unknown[]> {
	const { graph } = stage;
	const driver = await testDriver(stage, {
		partitions: PARTITIONS,
		inputs: graph.inputs.map(({ name }) => name),
		output: graph.output.name,
		sideOutputs: ["late"],
	});
	const pipe = async (some: readonly TestInput[]) => {
		if (!oneByOne) return driver.pipe(...some);
		for (const input of some) await driver.pipe(input);
	};
	await pipe(inputs.slice(0, cutAt));
	driver.crash();
	await driver.restart();
	await pipe(inputs.slice(cutAt));
	await driver.advanceClock("1h");
	const outputs: TestOutput[] = driver.outputs();
	expect(driver.deadLetters()).toEqual([]);
	expect(driver.states().size).toBe(0);
	await driver.close();
	return (topic) => outputs.filter((o) => o.topic === topic).map((o) => o.json);
}

const amounts = (given: readonly Row[]): TestInput[] =>
	given.map(({ key, at, amount }, id) => ({
		key,
		timestamp: at,
		value: { id, amount },
	}));
const resultRows = (values: unknown[]): string[] =>
	inOrder(
		(values as Result[]).map(({ key, start, end, count, sum }) => [
			key,
			start,
			end,
			count,
			sum,
		]),
	);
type Late = { value: { id: number }; windows: unknown[] };

test("hopping windows", async () => {
	await fc.assert(
		fc.asyncProperty(grace, rowsOf("events"), cut, async (g, given, cutAt) => {
			await load(given);
			const of = await run(summed(hopping(20, 7), g), amounts(given), {
				cutAt,
			});
			expect({
				results: resultRows(of("results")),
				late: inOrder(
					(of("late") as Late[]).map((one) => [
						one.value.id,
						one.windows.length,
					]),
				),
			}).toEqual(await windowsBySql(sql, 20, 7, g));
		}),
		{ numRuns: RUNS },
	);
});

test("sessions", async () => {
	await fc.assert(
		fc.asyncProperty(
			length,
			grace,
			rowsOf("events"),
			cut,
			async (gap, g, given, cutAt) => {
				await load(given);
				const of = await run(summed(session(gap), g), amounts(given), {
					cutAt,
				});
				const late = (of("late") as Late[]).map(({ value }) => value.id);
				expect(new Set(late).size).toBe(late.length);
				const { results, wrongly } = await sessionsBySql(sql, gap, g, late);
				expect(wrongly).toEqual([]);
				expect(resultRows(of("results"))).toEqual(results);
			},
		),
		{ numRuns: RUNS },
	);
});

test.each(["inner", "left"] as const)("a %s join of streams", async (type) => {
	await fc.assert(
		fc.asyncProperty(
			length,
			length,
			grace,
			rowsOf("left", "right"),
			cut,
			async (before, after, g, given, cutAt) => {
				await load(given);
				const of = await run(
					joinStreams<number, number, [number, number | null]>({
						name: "j",
						left: stream("left", z.int()),
						right: stream("right", z.int()),
						output: stream("pairs", z.tuple([z.int(), z.int().nullable()])),
						within: { before, after },
						grace: g,
						type,
						join: (l, r) => [l, r ?? null],
						late: "late",
					}),
					given.map(({ topic, key, at }, id) => ({
						topic,
						key,
						timestamp: at,
						value: id,
					})),
					{ cutAt, oneByOne: true },
				);
				expect({
					pairs: inOrder(of("pairs") as unknown[][]),
					late: inOrder(
						(of("late") as { value: number }[]).map(({ value }) => [value]),
					),
				}).toEqual(await pairsBySql(sql, type, { before, after }, g));
			},
		),
		{ numRuns: RUNS },
	);
});
