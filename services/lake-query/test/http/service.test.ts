/** The service over HTTP: who may ask, bounds, and statements that end their process. */
import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Running, startRunning } from "../support/running.ts";

let running: Running;
beforeAll(async () => {
	running = await startRunning();
	const row = { key: "k", partition: 0, a: 1, b: 2 };
	await running.lake.commit("meters", [
		{ ...row, micros: 5_000, offset: 0 },
		{ ...row, micros: 9_000, offset: 7 },
	]);
	running.lake.create("empty");
});
afterAll(() => running.end());

const COUNT = "select count(*) from meters";
const ENDLESS =
	"with recursive r as (select 1 a union all select a + 1 from r) select count(*) from r";

test("it is live and ready, and has metrics", async () => {
	expect((await running.ask("/livez")).status).toBe(200);
	expect((await running.ask("/readyz")).status).toBe(200);
	await running.ask("/tables");
	expect((await running.ask("/metrics")).text).toMatch(
		/fireworks_lake_query_requests_total\{path="\/tables",status="200"\} [1-9]/,
	);
});

test("the tables", async () => {
	const { json, headers } = await running.ask("/tables");
	expect(headers.get("cache-control")).toBe("no-store");
	const named = (name: string) =>
		json.tables.find((table: { name: string }) => table.name === name);
	expect(named("empty")).toMatchObject({
		rows: 0,
		files: 0,
		snapshotId: null,
		committedAt: null,
		timeMin: null,
		positions: {},
	});
	expect(named("meters")).toMatchObject({
		rows: 2,
		files: 1,
		bytes: 1_000,
		snapshotId: "4611686018427387905",
		positions: { "0": 8 },
		timeMin: 5,
		timeMax: 9,
	});
	expect(named("meters").columns).toContainEqual({ name: "a", type: "double" });
});

test("a history", async () => {
	const { status, json } = await running.ask(
		"/history?stream=meters&measures=a&from=0&to=10&key=k",
	);
	expect(status).toBe(200);
	expect(json).toEqual({
		stream: "meters",
		from: 0,
		to: 10,
		positions: { "0": 8 },
		committedAt: expect.any(Number),
		snapshotId: "4611686018427387905",
		bucketMs: 1,
		series: [
			{
				key: "k",
				measure: "a",
				raw: true,
				time: [5, 9],
				value: [1, 1],
				partition: [0, 0],
				offset: [0, 7],
			},
		],
	});
});

test("a statement by POST, by GET, and as CSV", async () => {
	expect((await running.sql(COUNT)).json).toMatchObject({
		rows: [[2]],
		tables: { meters: { snapshotId: "4611686018427387905" } },
	});
	const q = encodeURIComponent(COUNT);
	expect((await running.ask(`/sql?q=${q}`)).json.rows).toEqual([[2]]);
	const csv = await running.ask(`/sql?format=csv&q=${q}`);
	expect(csv.text).toBe("count_star()\r\n2\r\n");
	expect(csv.headers.get("fireworks-truncated")).toBe("false");
	expect(csv.headers.get("content-type")).toBe("text/csv; charset=utf-8");
});

test("the newest snapshot is asked", async () => {
	const row = { key: "k", partition: 0, a: 1, b: 2, micros: 0 };
	for (let offset = 0; offset < 5; offset++) {
		await running.lake.commit("grows", [{ ...row, offset }]);
		const { json } = await running.sql("select max(kafka_offset) from grows");
		expect(json.rows).toEqual([[offset]]);
	}
});

test.each<[number, string, string, RequestInit]>([
	[400, "bad-request", "/history", {}],
	[404, "unknown-stream", "/history?stream=x&measures=a&from=0&to=1", {}],
	[405, "method-not-allowed", "/tables", { method: "POST" }],
	[405, "method-not-allowed", "/sql", { method: "PUT" }],
	[400, "bad-request", "/sql", {}],
	[400, "bad-request", "/sql", { method: "POST", body: "select 1" }],
	[400, "bad-request", "/sql", { method: "POST", body: '{"sql":1}' }],
	[400, "bad-request", "/sql?q=select+1&format=xml", {}],
	[400, "bad-sql", "/sql?q=selec+1", {}],
	[400, "bad-sql", "/sql?q=from+nothing", {}],
	[400, "not-a-query", "/sql?q=set+threads%3D4", {}],
	[413, "body-too-large", "/sql", { method: "POST", body: "x".repeat(65_537) }],
	[
		403,
		"page-not-allowed",
		"/sql?q=select+1",
		{ headers: { origin: "http://localhost:3000" } },
	],
	[403, "page-not-allowed", "/tables", { headers: { origin: "null" } }],
])("%i %s: %s", async (status, code, path, init) => {
	const answer = await running.ask(path, init);
	expect([answer.status, answer.json.error.code]).toEqual([status, code]);
	expect(answer.json.error.message).not.toBe("");
});

test.each([
	["host-not-allowed", { host: "attacker.example:8086" }],
	["host-not-allowed", { host: "127.0.0.1.attacker.example" }],
	["page-not-allowed", { host: "localhost", "sec-fetch-site": "cross-site" }],
	["page-not-allowed", { host: "localhost", "sec-fetch-site": "same-site" }],
	[undefined, { host: "localhost" }],
	[undefined, { host: "[::1]:8086", "sec-fetch-site": "none" }],
])("%s: %j", async (code, headers) => {
	const { promise, resolve, reject } = Promise.withResolvers<string>();
	request(
		{ port: running.port, host: "127.0.0.1", path: "/tables", headers },
		(response) => {
			let text = "";
			response.on("data", (bytes) => {
				text += bytes;
			});
			response.on("end", () => resolve(text));
		},
	)
		.on("error", reject)
		.end();
	expect(JSON.parse(await promise).error?.code).toBe(code);
});

test("with a bearer token nothing is answered without it, also pages with it are", async () => {
	const secured = await startRunning({
		FIREWORKS_LAKE_QUERY_BEARER_TOKEN: "secret",
	});
	try {
		for (const path of ["/tables", "/history", "/sql?q=select+1"]) {
			expect((await secured.ask(path)).status).toBe(401);
			const wrong = { headers: { authorization: "Bearer secre" } };
			expect((await secured.ask(path, wrong)).status).toBe(401);
		}
		const right = {
			headers: { authorization: "Bearer secret", origin: "https://x.example" },
		};
		expect((await secured.ask("/sql?q=select+1", right)).status).toBe(200);
		expect((await secured.ask("/readyz")).status).toBe(200);
	} finally {
		await secured.end();
	}
});

test("a statement that takes memory beyond DuckDB's limit ends only its process", async () => {
	// A row's text is not counted by DuckDB's limit: 4 GB.
	const { status, json } = await running.sql(
		"select max(length(repeat('x', 1000000 + range::int))) from range(4096)",
	);
	expect([status, json.error.code]).toEqual([422, "too-much-memory"]);
	const history = "/history?stream=meters&measures=a&from=0&to=10";
	expect((await running.ask(history)).status).toBe(200);
	expect((await running.sql(COUNT)).json.rows).toEqual([[2]]);
});

test("two statements run at once, twenty wait, and a client that goes makes room", async () => {
	const gone = new AbortController();
	const { signal } = gone;
	const endless = Array.from({ length: 22 }, () =>
		running.sql(ENDLESS, { signal }).then(
			({ status }) => status,
			() => "gone",
		),
	);
	const waiting = async () =>
		/^fireworks_lake_query_waiting\{queue="statements"\} (\d+)/m.exec(
			(await running.ask("/metrics")).text,
		)?.[1];
	await expect.poll(waiting, { timeout: 30_000 }).toBe("20");
	const refused = await running.sql(COUNT);
	expect(refused.status).toBe(429);
	expect(refused.headers.get("retry-after")).toBe("1");
	// History has a queue of its own.
	const history = "/history?stream=meters&measures=a&from=0&to=10";
	expect((await running.ask(history)).status).toBe(200);
	gone.abort();
	expect(new Set(await Promise.all(endless))).toEqual(new Set(["gone"]));
	await expect.poll(waiting, { timeout: 30_000 }).toBe("0");
	expect((await running.sql(COUNT)).json.rows).toEqual([[2]]);
});

test("a stop ends the statements that run", async () => {
	const other = await startRunning();
	const asked = other.sql(ENDLESS).then(({ status }) => status);
	await expect
		.poll(async () => (await other.ask("/metrics")).text, { timeout: 30_000 })
		.toMatch(/^fireworks_lake_query_running\{queue="statements"\} 1$/m);
	await other.end();
	expect(await asked).toBe(503);
});
