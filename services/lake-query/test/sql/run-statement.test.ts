import { afterAll, beforeAll, expect, test } from "vitest";
import type { RequestRefused } from "../../src/http/request-refused.ts";
import { relationOf } from "../../src/relation.ts";
import type { AnswerFormat } from "../../src/sql/messages.ts";
import { runStatement } from "../../src/sql/run-statement.ts";
import { PlainLake } from "../support/plain-lake.ts";

let lake: PlainLake;
beforeAll(async () => {
	lake = await PlainLake.open();
	const row = { key: "k", partition: 0, a: 1.5, b: 2 };
	await lake.commit("weather-readings", [
		{ ...row, micros: 1_500, offset: 0 },
		{ ...row, micros: -1, offset: 1, key: null, a: null },
	]);
	await lake.commit("weather-readings", [
		{ ...row, micros: 1_764_500_000_000_000, offset: 2 ** 53 - 1 },
	]);
	await lake.commit("Meters", [{ ...row, micros: 0, offset: 0 }]);
	lake.create("empty");
});
afterAll(() => lake.close());

/** What the statement asked for last. */
let read: readonly string[] = [];
const run = async (
	sql: string,
	format: AnswerFormat = "json",
	limitMs?: number,
) => {
	const tables = await lake.list();
	return runStatement(
		{ sql, format, tables },
		(names) => {
			read = names;
			return Promise.all(
				names.map(async (name) => {
					const snapshot = await lake.snapshot(name);
					if (snapshot === undefined) throw new Error(name);
					return {
						name,
						relation: relationOf(lake, snapshot),
						paths: snapshot.files.map(({ path }) => path),
						snapshotId: snapshot.snapshotId?.toString() ?? null,
						committedAt: snapshot.committedAt ?? null,
					};
				}),
			);
		},
		limitMs,
	);
};
const ask = async (sql: string) => JSON.parse((await run(sql)).body);
const rows = async (sql: string) => (await ask(sql)).rows;
const refusal = (sql: string, limitMs?: number): Promise<string> =>
	run(sql, "json", limitMs).then(
		({ body }) => `answered: ${body.slice(0, 300)}`,
		({ code, message }: RequestRefused) => `${code}: ${message}`,
	);

test("columns, rows, tables", async () => {
	const answer = await ask(
		`select event_time, record_key, kafka_offset, a from "weather-readings" order by kafka_offset`,
	);
	expect(answer).toEqual({
		columns: [
			{ name: "event_time", type: "TIMESTAMP WITH TIME ZONE" },
			{ name: "record_key", type: "VARCHAR" },
			{ name: "kafka_offset", type: "BIGINT" },
			{ name: "a", type: "DOUBLE" },
		],
		rows: [
			["1970-01-01T00:00:00.001500Z", "k", 0, 1.5],
			["1969-12-31T23:59:59.999999Z", null, 1, null],
			["2025-11-30T10:53:20.000Z", "k", 9_007_199_254_740_991, 1.5],
		],
		truncated: false,
		ms: expect.any(Number),
		tables: {
			"weather-readings": {
				committedAt: expect.any(Number),
				snapshotId: "4611686018427387906",
			},
		},
	});
	expect(read).toEqual(["weather-readings"]);
});

test.each([
	[[[3]], "select count(*) from weather_readings"],
	[[[1]], "with m as (from METERS) select count(*) from m"],
	[[[0]], "select count(*) from empty"],
	[
		[[4]],
		`select count(*) from (select a from meters union all select a from "weather-readings")`,
	],
	[[[1]], "values (1)"],
	[[["9007199254740992"]], "select 9007199254740992"],
	[
		[["-170141183460469231731687303715884105728"]],
		"select (-170141183460469231731687303715884105728)::hugeint",
	],
	[[[0.5, "0.1234567890123456789"]], "select 0.5, 0.1234567890123456789"],
	[[["NaN", "Infinity", null]], "select 'nan'::double, 'inf'::double, null"],
	[
		[["2026-11-30", "2026-11-30T12:00:00.000Z"]],
		"select date '2026-11-30', timestamp '2026-11-30 12:00:00'",
	],
	[[["infinity"]], "select 'infinity'::timestamptz"],
])("%j", async (expected, sql) => {
	expect(await rows(sql)).toEqual(expected);
});

test("what is harmless passes", async () => {
	for (const sql of [
		"from range(2), unnest([1, 2]) order by all",
		"select table_name from information_schema.tables",
		"from duckdb_settings() where name = 'threads'",
		"pivot meters on record_key in ('k', 'l') using count(*)",
		"from (describe meters)",
		"select * from meters as of_it where 'from read_text()' <> record_key",
		"explain (select 1)",
	])
		expect((await ask(sql)).rows, sql).not.toEqual([]);
});

test("lists and structs", async () => {
	expect(await rows("select [1, 2], {'x': 1, 'y': [null]}")).toEqual([
		[[1, 2], { x: 1, y: [null] }],
	]);
});

test("describe, summarize, show and explain", async () => {
	expect(await rows(`describe "weather-readings"`)).toContainEqual(
		expect.arrayContaining(["kafka_offset", "BIGINT"]),
	);
	expect(await rows("summarize weather_readings")).toHaveLength(8);
	expect((await rows("show tables")).flat()).toEqual([
		"Meters",
		"empty",
		"weather-readings",
		"weather_readings",
	]);
	expect(String(await rows("explain select * from meters"))).toContain(
		"READ_PARQUET",
	);
	expect(String(await rows("EXPLAIN  ANALYZE from meters"))).toContain(
		"Query Profiling",
	);
});

test("csv", async () => {
	const { body } = await run(
		`select 1 as "a,b", null as n, '' as e, 'say "hi"' as q, [1] as l`,
		"csv",
	);
	expect(body).toBe('"a,b",n,e,q,l\r\n1,,"","say ""hi""",[1]\r\n');
});

test("10,000 rows and 16 MB", async () => {
	expect(await ask("from range(10000)")).toMatchObject({ truncated: false });
	const more = await ask("from range(10001)");
	expect(more.truncated).toBe(true);
	expect(more.rows).toHaveLength(10_000);
	const large = await run("select repeat('x', 10000) from range(5000)");
	expect(large.truncated).toBe(true);
	expect(large.body.length).toBeGreaterThan(16_000_000);
	expect(large.body.length).toBeLessThan(16_800_000);
	expect((await ask("select repeat('x', 20000000)")).rows).toEqual([]);
});

test("the files of tables that a statement does not name are not its own", async () => {
	const [file] = (await lake.snapshot("Meters"))?.files ?? [];
	const sql = `select (select count(*) from weather_readings), count(*) from '${file?.path}'`;
	expect(await refusal(sql)).toMatch(/^bad-sql: Permission Error/);
});

test("the settings of one statement are not those of the next", async () => {
	expect(await refusal("set threads = 4")).toMatch(/^not-a-query/);
	expect(
		await rows(
			"select current_setting('threads'), current_setting('memory_limit'), current_setting('TimeZone')",
		),
	).toEqual([[1, "244.1 MiB", "UTC"]]);
});

const OUT = "/tmp/lake-query-attack";
test.each([
	"",
	"  -- nothing",
	"select 1; select 2",
	"select 1; drop view meters",
	"create table t (a int)",
	"create view v as select 1",
	"create macro m() as 1",
	"insert into meters values (1)",
	"delete from meters",
	"update meters set a = 1",
	"drop view meters",
	"truncate meters",
	`copy (select 1) to '${OUT}'`,
	`copy meters to '${OUT}' (format parquet)`,
	`export database '${OUT}'`,
	`import database '${OUT}'`,
	`attach '${OUT}' as x`,
	"attach ':memory:' as x",
	"detach memory",
	"use memory",
	"install httpfs",
	"force install httpfs from 'http://localhost/'",
	"load httpfs",
	"load '/tmp/x.duckdb_extension'",
	"update extensions",
	"set memory_limit = '8GB'",
	"set enable_external_access = true",
	"set allowed_directories = ['/']",
	"set lock_configuration = false",
	"set global home_directory = '/'",
	"reset lock_configuration",
	"set variable x = 1",
	"pragma memory_limit = '8GB'",
	"pragma enable_profiling",
	`pragma profiling_output = '${OUT}'`,
	`pragma import_database('${OUT}')`,
	"call pragma_version()",
	"call enable_logging()",
	`call enable_logging(storage = 'file', storage_path = '${OUT}')`,
	"call force_checkpoint()",
	"checkpoint",
	"vacuum",
	"analyze",
	"begin",
	"commit",
	"prepare p as select 1",
	"execute p",
	"deallocate p",
	"create secret s (type s3)",
	"create persistent secret s (type s3)",
	"comment on view meters is 'x'",
	"alter view meters rename to x",
	`explain analyze copy (select 1) to '${OUT}'`,
	`explain copy (select 1) to '${OUT}'`,
	"explain analyze create table t (a int)",
	"explain analyze set threads = 4",
	"/* */ explain analyze create table t (a int)",
	"explain (format json) create table t (a int)",
	"explain explain select 1",
	"explain analyze select 1; select 2",
	"from read_csv('/etc/passwd')",
	"from read_csv_auto('/etc/passwd', header = false)",
	"from sniff_csv('/etc/passwd')",
	"from read_text('/etc/passwd')",
	"from read_blob('/etc/passwd')",
	"from read_json('/etc/passwd')",
	"from read_ndjson_objects('/etc/passwd')",
	"from read_parquet('/etc/passwd')",
	"from parquet_metadata('/etc/passwd')",
	"from parquet_schema('/etc/passwd')",
	"from parquet_file_metadata('/etc/passwd')",
	"from parquet_kv_metadata('/etc/passwd')",
	"from read_duckdb('/etc/passwd')",
	"from glob('/etc/*')",
	"from glob('*')",
	"from '/etc/passwd'",
	"from '/etc/*.conf'",
	"from 'data.csv'",
	`from "/etc/passwd"`,
	"from '../../../../../../etc/passwd'",
	"from 'file:///etc/passwd'",
	"from 'https://127.0.0.1:1/x.parquet'",
	"from read_csv('http://127.0.0.1:1/x.csv')",
	"from 's3://bucket/x.parquet'",
	"from read_text('/proc/self/environ')",
	"from query('copy (select 1) to ''/tmp/lake-query-attack''')",
	"from query('select 1; select 2')",
	"from query('from read_text(''/etc/passwd'')')",
	"from query_table('/etc/passwd')",
	"from query_table(['/etc/passwd'])",
	"select getenv('HOME')",
	"select * from duckdb_secrets()",
	"from arrow_scan(1, 2, 3)",
	"from SYSTEM.main.ENABLE_LOGGING(storage = 'stdout')",
	"select 1 where 1 in (from truncate_duckdb_logs())",
	"with a as (summarize from enable_profiling()) from a",
	"describe from read_text('/etc/passwd')",
	"pivot meters on record_key using count(*)",
	"pragma version",
	`from enable_logging(storage = 'file', storage_path = '${OUT}')`,
	"from json_execute_serialized_sql(json_serialize_sql('from read_text(''/etc/passwd'')'))",
	"from sql_that_is_not",
	"select $1",
	"select ?",
	"select $name",
	"(((((".repeat(10_000),
	`select ${"not ".repeat(20_000)}true`,
])("refused: %s", async (sql) => {
	expect(await refusal(sql)).toMatch(/^(?:not-a-query|bad-sql): ./);
});

test("a table's own file cannot be overwritten", async () => {
	const [file] = (await lake.snapshot("Meters"))?.files ?? [];
	for (const explain of [
		"",
		"explain ",
		"explain analyze ",
		"/**/explain analyze ",
	])
		expect(
			await refusal(
				`${explain}copy meters to '${file?.path}' (format parquet, use_tmp_file false)`,
			),
		).toMatch(/^(?:not-a-query|bad-sql): /);
	expect(await rows("select count(*) from meters")).toEqual([[1]]);
});

test.each([
	"select list(range) from range(100000000)",
	"select string_agg(repeat('x', 1000), '') from range(1000000)",
	"from range(100000000) order by hash(range)",
])("too much memory: %s", async (sql) => {
	expect(await refusal(sql)).toMatch(/^(?:too-much-memory|too-slow): /);
});

test("interrupted in time", async () => {
	const endless =
		"with recursive r as (select 1 a union all select a + 1 from r) select count(*) from r";
	expect(await refusal(endless, 500)).toMatch(/^too-slow: /);
});

test.each([
	"select sum(sqrt(a.range) * b.range) from range(10000000) a, range(10000) b",
	"select count(*) from range(1000000) a, range(1000000) b, range(1000000) c",
])("stopped by time or memory: %s", async (sql) => {
	expect(await refusal(sql, 500)).toMatch(/^(?:too-slow|too-much-memory): /);
});
