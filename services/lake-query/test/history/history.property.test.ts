/** The history against a plain recomputation of the same rows. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Database } from "../../src/history/database.ts";
import { History, type HistoryAnswer } from "../../src/history/history.ts";
import type { HistoryRequest } from "../../src/history/request.ts";
import { PlainLake, type TestRow } from "../support/plain-lake.ts";

let lake: PlainLake;
let database: Database;
beforeAll(async () => {
	lake = await PlainLake.open();
	database = await Database.open();
});
afterAll(() => {
	database.close();
	lake.close();
});

const KEYS = ["a", "b", "B", "é", "\u{1f680}", "\uffee", "it's", null];

/** Times around 1970, so that some are before it, and few of them, so that many are equal. */
const row = fc.record({
	micros: fc.integer({ min: -40_500, max: 40_500 }),
	key: fc.constantFrom(...KEYS),
	partition: fc.integer({ min: 0, max: 3 }),
	a: fc.option(
		fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }),
		{ freq: 4 },
	),
	b: fc.option(fc.integer({ min: -1_000, max: 1_000 }), { freq: 4 }),
});

const commits = fc
	.array(fc.array(row, { minLength: 1, maxLength: 40 }), {
		minLength: 1,
		maxLength: 4,
	})
	.map((all): TestRow[][] => {
		let offset = 0;
		return all.map((rows) => rows.map((r) => ({ ...r, offset: offset++ })));
	});

const request = fc
	.record({
		keys: fc.uniqueArray(fc.constantFrom("a", "b", "é", "\u{1f680}", "absent")),
		from: fc.integer({ min: -50, max: 40 }),
		length: fc.integer({ min: 1, max: 90 }),
		points: fc.integer({ min: 1, max: 30 }),
	})
	.map(
		({ keys, from, length, points }): HistoryRequest => ({
			stream: "s",
			keys,
			measures: ["a", "b b"],
			from,
			to: from + length,
			points,
		}),
	);

test("random rows, times and keys", async () => {
	await fc.assert(
		fc.asyncProperty(commits, request, async (files, asked) => {
			lake.create("s");
			for (const rows of files) await lake.commit("s", rows);
			const history = new History(lake, database);
			const text = await history.answer(asked, new AbortController().signal);
			const answer = JSON.parse(text) as HistoryAnswer;
			expect(answer.series).toEqual(recomputed(files.flat(), asked));
		}),
		{ numRuns: 150 },
	);
});

function recomputed(rows: readonly TestRow[], asked: HistoryRequest) {
	const { from, to, points, keys } = asked;
	const bucketMs = Math.ceil((to - from) / points);
	const inside = rows
		.filter(
			({ micros, key }) =>
				micros >= from * 1_000 &&
				micros < to * 1_000 &&
				(keys.length === 0 || (key !== null && keys.includes(key))),
		)
		.sort(
			(x, y) =>
				x.micros - y.micros || x.partition - y.partition || x.offset - y.offset,
		);
	const present = KEYS.filter((key) => inside.some((r) => r.key === key)).sort(
		(x, y) =>
			x === null
				? 1
				: y === null
					? -1
					: Buffer.compare(Buffer.from(x), Buffer.from(y)),
	);
	return present.flatMap((key) => {
		const own = inside.filter((r) => r.key === key);
		return (["a", "b"] as const).map((field) => {
			const measure = field === "b" ? "b b" : "a";
			if (own.length <= points)
				return {
					key,
					measure,
					raw: true,
					time: own.map(({ micros }) => Math.floor(micros / 1_000)),
					value: own.map((r) => plain(r[field])),
					partition: own.map((r) => r.partition),
					offset: own.map((r) => r.offset),
				};
			const buckets = Map.groupBy(own, ({ micros }) =>
				Math.floor((micros - from * 1_000) / (bucketMs * 1_000)),
			);
			const values = [...buckets.values()].map((some) =>
				some.map((r) => plain(r[field])).filter((v) => v !== null),
			);
			return {
				key,
				measure,
				time: [...buckets.keys()].map((i) => from + i * bucketMs),
				first: values.map((some) => some[0] ?? null),
				last: values.map((some) => some.at(-1) ?? null),
				min: values.map((some) => (some.length ? Math.min(...some) : null)),
				max: values.map((some) => (some.length ? Math.max(...some) : null)),
				count: values.map((some) => some.length),
			};
		});
	});
}

/** JSON has no -0. */
const plain = (value: number | null) => (value === null ? null : value + 0);
