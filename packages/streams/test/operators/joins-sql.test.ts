/** The same random records through both joins and through plain SQL. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { joinStreams, joinTable, stream } from "../../src/index.ts";
import { inOrder, pairsBySql } from "./by-sql.ts";
import { Executor } from "./executor.ts";
import { openSql, type Sql } from "./sql.ts";

let sql: Sql;
beforeAll(async () => {
	sql = await openSql();
});
afterAll(() => sql.close());

const left = stream("left", z.int());
const right = stream("right", z.int());
const pairs = stream("pairs", z.tuple([z.int(), z.int().nullable()]));
const rows = fc.array(
	fc.record({
		topic: fc.constantFrom("left", "right"),
		key: fc.constantFrom("a", "b", "c"),
		at: fc.integer({ min: -40, max: 40 }),
		deleted: fc.nat(4).map((n) => n === 0),
	}),
	{ maxLength: 150 },
);
const length = fc.integer({ min: 0, max: 20 });

const load = (given: readonly { topic: string; key: string; at: number }[]) =>
	sql.load(
		"events",
		{
			id: "BIGINT",
			topic: "VARCHAR",
			key: "VARCHAR",
			ts: "BIGINT",
			p: "BIGINT",
		},
		given.map(({ topic, key, at }, id) => [id, topic, key, at, 0]),
	);
test.each(["inner", "left"] as const)("a %s join of streams", async (type) => {
	await fc.assert(
		fc.asyncProperty(
			length,
			length,
			fc.integer({ min: 0, max: 60 }),
			rows,
			async (before, after, grace, given) => {
				await load(given);
				const executor = new Executor(
					joinStreams<number, number, [number, number | null]>({
						name: "j",
						left,
						right,
						output: pairs,
						within: { before, after },
						grace,
						type,
						join: (l, r) => [l, r ?? null],
						late: "late",
					}),
				);
				executor.give(
					...given.map(({ topic, key, at }, id) => ({
						topic,
						key,
						at,
						value: id,
					})),
				);
				executor.advance(1_000);
				expect({
					pairs: inOrder(executor.values() as unknown[][]),
					late: inOrder(
						(executor.values("late") as { value: number }[]).map(
							({ value }) => [value],
						),
					),
				}).toEqual(await pairsBySql(sql, type, { before, after }, grace));
				expect(executor.states.size + executor.timers.size).toBe(0);
			},
		),
		{ numRuns: 30 },
	);
});

test("a join with a table", async () => {
	await fc.assert(
		fc.asyncProperty(rows, async (given) => {
			await sql.load(
				"events",
				{ id: "BIGINT", topic: "VARCHAR", key: "VARCHAR", deleted: "BIGINT" },
				given.map(({ topic, key, deleted }, id) => [
					id,
					topic,
					key,
					Number(deleted),
				]),
			);
			const executor = new Executor(
				joinTable({
					name: "j",
					input: left,
					table: right,
					output: pairs,
					join: ({ value }, row): [number, number | null] => [
						value,
						row ?? null,
					],
				}),
			);
			executor.give(
				...given.map(({ topic, key, at, deleted }, id) => ({
					topic,
					key,
					at,
					value: topic === "right" && deleted ? null : id,
				})),
			);
			const joined = await sql.rows(`
				select l.id, case when r.deleted = 0 then r.id end
				from (select * from events where topic = 'left') l
				asof left join (select * from events where topic = 'right') r
				on l.key = r.key and l.id >= r.id`);
			expect(inOrder(executor.values() as unknown[][])).toEqual(
				inOrder(joined),
			);
		}),
		{ numRuns: 30 },
	);
});
