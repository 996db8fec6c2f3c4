/**
 * services/lake-query as its process, over a lake that packages/lake writes meanwhile. What is
 * committed is answered at once, and maintenance under running queries changes no answer.
 */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
	type Column,
	type LakeLocation,
	type OwnedTable,
	openTable,
	type Rows,
} from "@fireworks/lake";
import { freePort } from "@fireworks/local-kafka";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type NodeProcess, startNode } from "../harness/node-process.ts";

const MAIN = join(import.meta.dirname, "../../services/lake-query/src/main.ts");
const REQUEST_MS = 120_000;

const COLUMNS: readonly Column[] = [
	{ name: "temperature", type: "double", required: false },
	{ name: "event_time", type: "timestamptz", required: true },
	{ name: "record_key", type: "string", required: false },
	{ name: "kafka_partition", type: "int", required: true },
	{ name: "kafka_offset", type: "long", required: true },
	{ name: "kafka_time", type: "timestamptz", required: false },
];
/** 2026-01-01, in ms. */
const START = 1_767_225_600_000;
const KEYS = ["berlin", "lima", "oslo"];

let folder: string;
let location: LakeLocation;
let service: NodeProcess;
let port: number;
beforeAll(async () => {
	// The lake's own folder does not exist yet.
	folder = join(mkdtempSync(join(tmpdir(), "fireworks-lake-query-")), "lake");
	location = { catalog: { kind: "files", folder } };
	port = await freePort();
	service = startNode(
		[MAIN],
		{
			FIREWORKS_LAKE_DIR: folder,
			FIREWORKS_LAKE_QUERY_PORT: String(port),
		},
		port,
	);
	await service.ready();
	expect(await ask("/tables")).toEqual({ tables: [] });
	expect((await sql("show tables")).rows).toEqual([]);
});
afterAll(async () => {
	service.child.kill("SIGTERM");
	expect(await service.exit).toBe(0);
	rmSync(join(folder, ".."), { recursive: true });
});

const open = (name: string): Promise<OwnedTable> =>
	openTable(
		location,
		{
			name,
			columns: COLUMNS,
			partitionBy: { column: "event_time", per: "hour" },
			topicId: "topic-1",
		},
		{ owner: randomUUID(), logger: { info: () => {}, warn: () => {} } },
	);

/** One row a second; the keys take turns, and a temperature is its offset. */
function rowsOf(from: number, count: number): Rows {
	const offsets = Array.from({ length: count }, (_, i) => from + i);
	const micros = offsets.map((o) => BigInt(START + o * 1_000) * 1_000n);
	return {
		count,
		columns: [
			offsets,
			micros,
			offsets.map((o) => KEYS[o % KEYS.length] as string),
			offsets.map(() => 0),
			offsets,
			micros,
		],
	};
}

// biome-ignore lint/suspicious/noExplicitAny: the tests say what they expect of it
async function ask(path: string, init?: RequestInit): Promise<any> {
	const response = await fetch(`http://127.0.0.1:${port}${path}`, {
		signal: AbortSignal.timeout(REQUEST_MS),
		...init,
	});
	const json = await response.json();
	if (response.status !== 200) throw new Error(JSON.stringify(json));
	return json;
}
const sql = (text: string) =>
	ask("/sql", { method: "POST", body: JSON.stringify({ sql: text }) });
const historyOf = (stream: string, to: number, more = "") =>
	ask(
		`/history?stream=${stream}&measures=temperature&from=${START}&to=${START + to}${more}`,
	);

test("each commit is in the next answer", async () => {
	const table = await open("weather-readings");
	for (let i = 0; i < 8; i++) {
		const rows = (i + 1) * 30;
		const { snapshotId } = await table.commit(
			rowsOf(i * 30, 30),
			new Map([[0, rows]]),
		);
		const counted = await sql("select count(*) from weather_readings");
		expect(counted.rows).toEqual([[rows]]);
		expect(counted.tables["weather-readings"].snapshotId).toBe(
			String(snapshotId),
		);
		const history = await historyOf("weather-readings", 3_600_000);
		expect(history.positions).toEqual({ "0": rows });
		expect(
			history.series.flatMap(({ value }: { value: number[] }) => value).length,
		).toBe(rows);
	}
	await table.close();
	const { tables } = await ask("/tables");
	expect(tables).toContainEqual(
		expect.objectContaining({
			name: "weather-readings",
			rows: 240,
			positions: { "0": 240 },
			timeMin: START,
			timeMax: START + 239_000,
		}),
	);
	const { rows } = await sql(
		`select record_key, count(*), min(event_time), max(temperature) from "weather-readings" group by 1 order by 1`,
	);
	expect(rows).toEqual([
		["berlin", 80, "2026-01-01T00:00:00.000Z", 237],
		["lima", 80, "2026-01-01T00:00:01.000Z", 238],
		["oslo", 80, "2026-01-01T00:00:02.000Z", 239],
	]);
});

test("buckets of many rows in many files, of one key", async () => {
	const table = await open("long");
	for (let i = 0; i < 5; i++)
		await table.commit(
			rowsOf(i * 3_000, 3_000),
			new Map([[0, (i + 1) * 3_000]]),
		);
	await table.close();
	const { series, bucketMs } = await historyOf(
		"long",
		15_000_000,
		"&key=lima&points=100",
	);
	expect(bucketMs).toBe(150_000);
	expect(series).toHaveLength(1);
	const [{ time, first, last, min, max, count }] = series;
	expect(time).toEqual(
		Array.from({ length: 100 }, (_, i) => START + i * 150_000),
	);
	// Of 150 offsets every third is lima's.
	expect(first).toEqual(Array.from({ length: 100 }, (_, i) => i * 150 + 1));
	expect(last).toEqual(Array.from({ length: 100 }, (_, i) => i * 150 + 148));
	expect([min, max]).toEqual([first, last]);
	expect(new Set(count)).toEqual(new Set([50]));
});

test("commits and maintenance under running queries: every answer is of one snapshot", async () => {
	const table = await open("busy");
	await table.commit(rowsOf(0, 30), new Map([[0, 30]]));
	const done = new AbortController();
	const asking = Array.from({ length: 3 }, async (_, i) => {
		let answers = 0;
		let before = 0;
		// Once more after the last commit.
		for (let last = false; !last; answers++) {
			last = done.signal.aborted;
			let rows: number;
			if (i === 0) {
				const { series, positions } = await historyOf(
					"busy",
					3_600_000,
					"&points=4000",
				);
				rows = positions["0"];
				expect(
					series
						.flatMap(({ offset }: { offset: number[] }) => offset)
						.sort((a: number, b: number) => a - b),
				).toEqual(Array.from({ length: rows }, (_, n) => n));
			} else {
				const answer = await sql(
					"select count(*), count(distinct kafka_offset), max(kafka_offset) + 1 from busy",
				);
				rows = answer.rows[0][0];
				expect(answer.rows).toEqual([[rows, rows, rows]]);
			}
			expect(rows).toBeGreaterThanOrEqual(before);
			before = rows;
		}
		return { answers, before };
	});
	let rewritten = 0;
	try {
		for (let i = 1; i < 60; i++) {
			await table.commit(rowsOf(i * 30, 30), new Map([[0, (i + 1) * 30]]));
			rewritten += (await table.maintain()).filesRewritten;
		}
	} finally {
		done.abort();
	}
	expect(rewritten).toBeGreaterThan(0);
	for (const { answers, before } of await Promise.all(asking)) {
		expect(answers).toBeGreaterThan(1);
		expect(before).toBe(1_800);
	}
	await table.close();
});

test("a lake's own files are all that a statement can read", async () => {
	const secret = join(folder, "not-a-table.csv");
	await expect(sql(`from '${secret}'`)).rejects.toThrow(/bad-sql/);
	await expect(sql(`from read_text('${secret}')`)).rejects.toThrow(
		/not-a-query/,
	);
	await expect(sql(`from '${folder}/**/*.parquet'`)).rejects.toThrow(/bad-sql/);
});

test("a catalog that is away: ready, and it says so", async () => {
	const other = await freePort();
	// Root can read every folder, so this is a file.
	const file = join(mkdtempSync(join(tmpdir(), "fireworks-lake-")), "file");
	onTestFinished(() => rmSync(dirname(file), { recursive: true }));
	writeFileSync(file, "");
	const away = startNode(
		[MAIN],
		{
			FIREWORKS_LAKE_DIR: file,
			FIREWORKS_LAKE_QUERY_PORT: String(other),
		},
		other,
	);
	await away.ready();
	for (const path of [
		"/tables",
		"/sql?q=select+1",
		"/history?stream=a&measures=a&from=0&to=1",
	]) {
		const { status, text } = await away.get(path);
		expect([status, JSON.parse(text).error.code]).toEqual([503, "unavailable"]);
	}
	away.child.kill("SIGTERM");
	expect(await away.exit).toBe(0);
});
