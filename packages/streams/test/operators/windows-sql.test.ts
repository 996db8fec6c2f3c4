/** The same random records through windows and through plain SQL. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hopping, session, type Window } from "../../src/index.ts";
import { inOrder, sessionsBySql, windowsBySql } from "./by-sql.ts";
import { Executor } from "./executor.ts";
import { openSql, type Sql } from "./sql.ts";
import { type Result, summed } from "./window-operators.ts";

let sql: Sql;
beforeAll(async () => {
	sql = await openSql();
});
afterAll(() => sql.close());

interface Row {
	key: string;
	at: number;
	amount: number;
}
/**
 * Out of order, late, at equal times, at zero and before 1970; also where Berlin's clocks change.
 */
const SPRING = Date.UTC(2026, 2, 29, 1);
const rows = fc.array(
	fc.record({
		key: fc.constantFrom("a", "b", "c", "d"),
		at: fc.oneof(
			fc.integer({ min: -50, max: 50 }),
			fc.integer({ min: SPRING - 50, max: SPRING + 50 }),
		),
		amount: fc.integer({ min: -1_000, max: 1_000 }),
	}),
	{ maxLength: 200 },
);
const length = fc.integer({ min: 1, max: 30 });
const grace = fc.integer({ min: 0, max: 40 });
/** A window from two lengths. */
type Make = (a: number, b: number) => Window;

async function load(given: readonly Row[]): Promise<void> {
	await sql.load(
		"events",
		{
			id: "BIGINT",
			key: "VARCHAR",
			ts: "BIGINT",
			amount: "BIGINT",
			p: "BIGINT",
		},
		given.map(({ key, at, amount }, id) => [id, key, at, amount, 0]),
	);
}

const resultRows = (values: unknown[]): string[] =>
	inOrder(
		(values as Result[]).map((one) => [
			one.key,
			one.start,
			one.end,
			one.count,
			one.sum,
		]),
	);

const lateRows = (values: unknown[]): string[] =>
	inOrder(
		(values as { value: { id: number }; windows: unknown[] }[]).map((one) => [
			one.value.id,
			one.windows.length,
		]),
	);

describe("windows as SQL has them", () => {
	test.each<[string, Make]>([
		["tumbling", (a) => hopping(a, a)],
		["hopping", (a, b) => hopping(Math.max(a, b), Math.min(a, b))],
	])("%s", async (_kind, make) => {
		await fc.assert(
			fc.asyncProperty(length, length, grace, rows, async (a, b, g, given) => {
				const window = make(a, b);
				if (window.kind === "session") throw new Error("not here");
				await load(given);
				const executor = new Executor(summed(window, g));
				executor.give(
					...given.map(({ key, at, amount }, id) => ({
						key,
						at,
						value: { id, amount },
					})),
				);
				executor.advance(2 * SPRING);
				expect({
					results: resultRows(executor.values()),
					late: lateRows(executor.values("late")),
				}).toEqual(await windowsBySql(sql, window.sizeMs, window.advanceMs, g));
			}),
			{ numRuns: 25 },
		);
	});

	test("sessions of the records that were in time", async () => {
		await fc.assert(
			fc.asyncProperty(length, grace, rows, async (gap, g, given) => {
				await load(given);
				const executor = new Executor(summed(session(gap), g));
				executor.give(
					...given.map(({ key, at, amount }, id) => ({
						key,
						at,
						value: { id, amount },
					})),
				);
				executor.advance(2 * SPRING);
				const late = (
					executor.values("late") as { value: { id: number } }[]
				).map(({ value }) => value.id);
				const { results, wrongly } = await sessionsBySql(sql, gap, g, late);
				expect(wrongly).toEqual([]);
				expect(resultRows(executor.values())).toEqual(results);
			}),
			{ numRuns: 25 },
		);
	});

	test("days, by SQL's own calendar", async () => {
		const hour = 3_600_000;
		const given = Array.from({ length: 96 }, (_, i) => ({
			key: "a",
			at: SPRING - 47 * hour + i * hour + (i % 7),
			amount: i,
		}));
		await load(given);
		const executor = new Executor(summed(hopping("1d", "1d")));
		executor.give(
			...given.map(({ key, at, amount }, id) => ({
				key,
				at,
				value: { id, amount },
			})),
		);
		executor.advance(2 * SPRING);
		const days = await sql.rows(`
			select key, epoch_ms(day), epoch_ms(day + interval 1 day), n, total from (
				select key, date_trunc('day', make_timestamp(ts * 1000)) as day,
					count(*) as n, sum(amount)::bigint as total
				from events group by all)`);
		expect(resultRows(executor.values())).toEqual(inOrder(days));
	});
});
