import { afterAll, beforeAll, expect, test } from "vitest";
import { Database } from "../../src/history/database.ts";
import { filesFor } from "../../src/history/files.ts";
import { History, type HistoryAnswer } from "../../src/history/history.ts";
import { historyRequest } from "../../src/history/request.ts";
import { PlainLake } from "../support/plain-lake.ts";

let lake: PlainLake;
let database: Database;
let history: History;
beforeAll(async () => {
	lake = await PlainLake.open();
	database = await Database.open();
	history = new History(lake, database);
	// Ten files of ten seconds; each has the keys kN0 and kN9 of its own.
	for (let file = 0; file < 10; file++)
		await lake.commit(
			"meters",
			Array.from({ length: 100 }, (_, i) => ({
				micros: (file * 10_000 + i * 100) * 1_000,
				key: `k${file}${i % 2 === 0 ? 0 : 9}`,
				partition: 0,
				offset: file * 100 + i,
				a: i,
				b: -i,
			})),
		);
	await lake.commit(
		"many-keys",
		Array.from({ length: 120 }, (_, i) => ({
			micros: i,
			key: `k${String(Math.floor(i / 2)).padStart(2, "0")}`,
			partition: 0,
			offset: i,
			a: i,
			b: 0,
		})),
	);
	lake.create("empty");
});
afterAll(() => {
	database.close();
	lake.close();
});

const ask = async (query: string): Promise<HistoryAnswer> =>
	JSON.parse(
		await history.answer(
			historyRequest(new URLSearchParams(query)),
			new AbortController().signal,
		),
	);
const refused = (query: string) =>
	expect(ask(query).catch((error) => `${error.status}: ${error.message}`))
		.resolves;

test("only the files of the time range are read", async () => {
	await ask("stream=meters&measures=a&from=30000&to=45000");
	expect(lake.read.map((path) => path.split("/").at(-1))).toEqual([
		"3.parquet",
		"4.parquet",
	]);
});

test("only the files that can have the key are read", async () => {
	const answer = await ask(
		"stream=meters&measures=a&from=0&to=100000&key=k20&key=k79&points=60",
	);
	expect(lake.read.map((path) => path.split("/").at(-1))).toEqual([
		"2.parquet",
		"7.parquet",
	]);
	expect(answer.series.map(({ key }) => key)).toEqual(["k20", "k79"]);
});

test("a file of unknown bounds is always read", () => {
	const file = {
		path: "x",
		rows: 1,
		bytes: 1,
		lower: new Map(),
		upper: new Map(),
	};
	expect(filesFor([file], { from: 0, to: 1, keys: ["a"] })).toEqual([file]);
});

test("no files: no series, but the positions", async () => {
	const query = "stream=meters&measures=a&from=5000000&to=6000000";
	expect(await ask(query)).toMatchObject({
		series: [],
		positions: { "0": 1_000 },
		bucketMs: 1_000,
	});
	expect(await ask("stream=empty&measures=a&from=0&to=1")).toMatchObject({
		series: [],
		positions: {},
		committedAt: null,
		snapshotId: null,
	});
});

test("as many rows as points are answered as they are, one more as buckets", async () => {
	const query = "stream=meters&measures=a,b b&from=0&to=10000&key=k00";
	const raw = await ask(`${query}&points=50`);
	expect(raw.series).toHaveLength(2);
	for (const series of raw.series) expect(series).toHaveProperty("raw", true);
	const bucketed = await ask(`${query}&points=49`);
	expect(bucketed.bucketMs).toBe(205);
	for (const series of bucketed.series) {
		expect(series).not.toHaveProperty("raw");
		expect(series.time.length).toBeLessThanOrEqual(49);
	}
});

test("without keys: the first 50 by name, and that there are more", async () => {
	const { series, moreKeys } = await ask(
		"stream=many-keys&measures=a&from=0&to=1",
	);
	expect(moreKeys).toBe(true);
	expect(series.map(({ key }) => key)).toEqual(
		Array.from({ length: 50 }, (_, i) => `k${String(i).padStart(2, "0")}`),
	);
	const some = await ask("stream=meters&measures=a&from=0&to=20000");
	expect(some.moreKeys).toBeUndefined();
});

test("many series share the points of an answer", async () => {
	// 50 keys of 2 measures: 200,000 points would be 2,000 each.
	const { bucketMs } = await ask(
		"stream=many-keys&measures=a,b b&from=0&to=4000000&points=4000",
	);
	expect(bucketMs).toBe(2_000);
});

test("an answer is kept until the next commit", async () => {
	const query = "stream=kept&measures=a&from=0&to=10";
	const row = { key: "k", partition: 0, a: 1, b: 1 };
	await lake.commit("kept", [{ ...row, micros: 0, offset: 0 }]);
	const first = await ask(query);
	lake.read = [];
	expect(await ask(query)).toEqual(first);
	expect(lake.read).toEqual([]);
	await lake.commit("kept", [{ ...row, micros: 5_000, offset: 1 }]);
	const { series, positions } = await ask(query);
	expect(series[0]?.time).toEqual([0, 5]);
	expect(positions).toEqual({ "0": 2 });
});

test("a request that is given up ends", async () => {
	const stop = new AbortController();
	const reason = new Error("given up");
	stop.abort(reason);
	const asked = historyRequest(
		new URLSearchParams("stream=meters&measures=a&from=1&to=2"),
	);
	await expect(history.answer(asked, stop.signal)).rejects.toBe(reason);
});

test.each([
	["404: the lake has no table", "stream=other&measures=a&from=0&to=1"],
	['400: "note" is not a measure', "stream=meters&measures=note&from=0&to=1"],
	['400: "a\\"" is not', 'stream=meters&measures=a"&from=0&to=1'],
	["400: stream=NAME", "measures=a&from=0&to=1"],
	["400: measures=NAME", "stream=meters&from=0&to=1"],
	["400: from must be before", "stream=meters&measures=a&from=1&to=1"],
	["400: from must be an integer", "stream=meters&measures=a&from=&to=1"],
	["400: to must be an integer", "stream=meters&measures=a&from=1&to=1e3"],
	["400: points must be", "stream=meters&measures=a&from=0&to=1&points=4001"],
	["400: points must be", "stream=meters&measures=a&from=0&to=1&points=0"],
	["400: at most 8", "stream=meters&measures=a,b,c,d,e,f,g,h,i&from=0&to=1"],
	[
		"400: at most 50 keys",
		`stream=meters&measures=a&from=0&to=1${Array.from({ length: 51 }, (_, i) => `&key=${i}`).join("")}`,
	],
	[
		"400: a key has",
		`stream=meters&measures=a&from=0&to=1&key=${"x".repeat(1_025)}`,
	],
])("%s", async (message, query) => {
	await refused(query).toEqual(expect.stringContaining(message));
});
