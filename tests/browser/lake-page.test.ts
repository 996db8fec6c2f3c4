/**
 * History of the lake on the page of all streams, and SQL: on the whole system, with the real query
 * service over tables that the test writes. So the test decides what the table has, and what only
 * Kafka has.
 */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { partitionOf } from "@fireworks/contracts";
import { freePort } from "@fireworks/local-kafka";
import { publish, topicOf } from "@fireworks/pipeline";
import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { waitForValue } from "../harness/wait-for.ts";
import { seriousFindings } from "./axe.ts";
import { append, chartOf } from "./catalog-stream.ts";
import { TestLake } from "./lake.ts";
import { SECOND, simple, withStreams } from "./with-streams.ts";

const lake = await TestLake.create();
const otherPort = await freePort();
const open = withStreams({
	FIREWORKS_DASHBOARD_LAKE_URL: lake.url,
	FIREWORKS_DASHBOARD_FRAME_ANCESTORS: `http://127.0.0.1:${otherPort}`,
});
beforeAll(() => lake.start());
afterAll(() => lake.remove());

const KEY = "a";
const PARTITIONS = 2;
const partition = partitionOf(Buffer.from(KEY), PARTITIONS);
const range = (from: number, to: number) =>
	Array.from({ length: to - from }, (_, i) => from + i);

/** Record i has offset i, and its value is i. */
function recordsFrom(beginMs: number) {
	const time = (i: number) => beginMs + i * SECOND;
	return {
		time,
		row: (i: number) => ({
			...{ key: KEY, partition, offset: i },
			...{ time: time(i), values: { v: i } },
		}),
		record: (i: number) => ({
			key: KEY,
			value: { id: KEY, t: time(i), v: i },
		}),
	};
}

/** Brings a stream of `count` records whose topic has lost those before `kept`. */
async function bringTrimmed(
	name: string,
	count: number,
	kept: number,
	record: (i: number) => { key: string; value: object },
): Promise<void> {
	const description = simple(name);
	const settings = {
		partitions: PARTITIONS,
		replicationFactor: 1,
		topicConfigs: "own" as const,
	};
	await open.log.ensureTopics([topicOf(description, settings)]);
	await append(open.log, name, range(0, count).map(record));
	const kafka = new Kafka({
		brokers: open.brokers,
		logLevel: logLevel.ERROR,
	});
	const admin = kafka.admin();
	await admin.connect();
	// deleteTopicRecords knows only topics that were asked about before.
	await admin.fetchTopicOffsets(name);
	await admin.deleteTopicRecords({
		topic: name,
		partitions: [{ partition, offset: String(kept) }],
	});
	await admin.disconnect();
	await publish({ log: open.log, settings, streams: [description] });
}

const attribute = async (name: string) =>
	Number(await open.page.getAttribute(".stream", name));
const values = (points: readonly (readonly number[])[] = []) =>
	points.map(([, value]) => value);

test("the lake's history and the live points are one line: no event is missing, none is there twice", async () => {
	const { page } = open;
	const { time, row, record } = recordsFrom(
		Math.floor((Date.now() - 1_000 * SECOND) / SECOND) * SECOND,
	);
	await bringTrimmed("gauge", 600, 400, record);
	await lake.commit("gauge", range(0, 500).map(row), 500);
	await open.visit("?stream=gauge&key=a&range=1h");
	const [line] = await open.lines("v", 1, 600);
	expect(values(line)).toEqual(range(0, 600));
	expect(line?.map(([ms]) => ms)).toEqual(range(0, 600).map(time));
	// The attributes follow the picture a moment later.
	await waitForValue(
		"200 live points and 500 of the table",
		async () => [
			await attribute("data-points"),
			await attribute("data-history-points"),
		],
		([live, table]) => live === 200 && table === 500,
	);
	expect(await page.textContent(".history")).toMatch(
		/^Table up to \d\d:\d\d:\d\d, \d+ s ago\.$/,
	);
	// A late record is in no table yet, and is drawn where it belongs.
	const late = { id: KEY, t: time(100) + 500, v: -1 };
	await append(open.log, "gauge", [{ key: KEY, value: late }]);
	const [withLate] = await open.lines("v", 1, 601);
	expect(values(withLate).slice(100, 103)).toEqual([100, -1, 101]);
	// The table grows over what is live: the same line, from another answer.
	// Offset 600 is the transaction's marker.
	const lateRow = { ...row(601), time: late.t, values: { v: late.v } };
	await lake.commit("gauge", [...range(500, 600).map(row), lateRow], 602);
	await page.selectOption("label:has-text('Time range') select", "21600000");
	await waitForValue(
		"all of it from the table",
		() => attribute("data-history-points"),
		(n) => n === 601,
	);
	const [grown] = await open.lines("v", 1, 601);
	expect(values(grown)).toEqual(values(withLate));
});

/** A table of 40,000 rows with two peaks, of which the topic has lost all; and 50 live records. */
const COUNT = 40_000;
const LONG = recordsFrom(
	Math.floor(Date.now() / SECOND) * SECOND - COUNT * SECOND,
);
const PEAKS = [777, 23_456];
// The topic's offsets begin at 0: the table's rows lie before them.
const LONG_ROWS = range(0, COUNT - 100).map((i) => ({
	...LONG.row(i),
	offset: i - (COUNT - 100),
	values: { v: PEAKS.includes(i) ? 1_000 : Math.sin(i / 500) },
}));
beforeAll(async () => {
	await bringTrimmed("long", 100, 50, (i) => LONG.record(COUNT - 100 + i));
	await lake.commit("long", LONG_ROWS, 0);
});

test("zooming out and moving reach to the table's first row; peaks stay visible", async () => {
	const { page } = open;
	const { time } = LONG;
	await open.visit("?stream=long&key=a");
	await open.lines("v", 1);
	for (let press = 0; press < 12; press++)
		await page.getByRole("button", { name: "Zoom out" }).click();
	const whole = await waitForValue(
		"the whole table",
		() => chartOf(page, "v"),
		({ x, lines }) =>
			x[0] < time(0) &&
			values(lines[0]).filter((v) => v === 1_000).length === PEAKS.length,
	);
	expect(whole.x[0]).toBeGreaterThan(time(0) - COUNT * SECOND);
	expect(whole.lines[0]?.length).toBeLessThan(12_000);
	expect(whole.lines[0]?.filter(([, v]) => Number.isNaN(v))).toEqual([]);
	expect(await page.textContent(".history")).toMatch(/lowest, highest/);
	// Closer to a peak, every row of the table is drawn.
	const at = (i: number) => new Date(time(i)).toISOString();
	await open.visit(`?stream=long&key=a&from=${at(700)}&to=${at(800)}`);
	const close = await waitForValue(
		"every row",
		() => chartOf(page, "v").catch(() => undefined),
		(chart) => (chart?.lines[0]?.length ?? 0) > 100,
	);
	const peak = close?.lines[0]?.find(([, v]) => v === 1_000);
	expect(peak?.[0]).toBe(time(777));
	// As CSV: what is visible, to the last bit.
	const [file] = await Promise.all([
		page.waitForEvent("download"),
		page.click(".export button:has-text('CSV')"),
	]);
	const lines = readFileSync(await file.path(), "utf8")
		.trimEnd()
		.split("\r\n");
	expect(lines[0]).toBe("id,measure,time,timestamp,value,bucketMs");
	expect(lines.slice(1)).toEqual(
		range(700, 801).map(
			(i) => `a,v,${at(i)},${time(i)},${LONG_ROWS[i]?.values.v},`,
		),
	);
	const [picture] = await Promise.all([
		page.waitForEvent("download"),
		page.click(".export button:has-text('PNG')"),
	]);
	const png = readFileSync(await picture.path());
	expect(png.subarray(1, 4).toString()).toBe("PNG");
	expect(png.readUInt32BE(16)).toBe(1_600);
});

const BEGIN = Date.UTC(2026, 2, 1);
const SQL =
	"SELECT event_time AS t, v, CASE v WHEN 3 THEN NULL ELSE v / 2 END AS half FROM numbers ORDER BY v";
const iso = (i: number) => new Date(BEGIN + i * SECOND).toISOString();
beforeAll(async () => {
	await lake.commit("numbers", range(0, 500).map(recordsFrom(BEGIN).row), 500);
});

test("SQL: by keys alone, as a table, a chart and CSV; the address has the query", async () => {
	const { page } = open;
	await page.click("nav >> text=SQL");
	await page.waitForSelector(".tables li[data-table=numbers]");
	await page.getByLabel("SQL").focus();
	await page.keyboard.insertText(SQL);
	await page.keyboard.press("Control+Enter");
	await page.waitForSelector("text=/^500 rows in [0-9]+ ms. numbers up to/");
	expect(new URL(page.url()).searchParams.get("q")).toBe(SQL);
	expect(await page.locator(".rows tbody tr").count()).toBe(200);
	await page.click("text=Show more rows (300 left)");
	expect(await page.locator(".rows tbody tr").count()).toBe(400);
	expect(await page.textContent(".rows tr:nth-child(4)")).toBe(
		`${iso(3)}3null`,
	);
	const [file] = await Promise.all([
		page.waitForEvent("download"),
		page.click("button:has-text('CSV')"),
	]);
	const csv = readFileSync(await file.path(), "utf8").split("\r\n");
	expect([csv[0], csv[4], csv.length]).toEqual([
		"t,v,half",
		`${iso(3)},3,`,
		502,
	]);
	await page.getByRole("radio", { name: "Lines" }).check();
	const drawn = await waitForValue(
		"two lines",
		() =>
			page
				.$eval(".answer .js-plotly-plot", (element) =>
					// biome-ignore lint/suspicious/noExplicitAny: Plotly's element in the browser
					(element as any).data.map(({ x }: { x: number[] }) => [
						x.length,
						x[0],
					]),
				)
				.catch(() => []),
		(found) => found.length === 2,
	);
	expect(drawn[0]).toEqual([500, BEGIN]);
	// The address alone shows the same.
	await page.goto(page.url());
	await page.waitForSelector(".answer .js-plotly-plot");
	expect(await page.inputValue("textarea")).toBe(SQL);
});

test("SQL: an error is shown as it is; a table's first rows are one click", async () => {
	const { page } = open;
	open.expectComplaint(/status of 400/);
	await page.goto(`${open.address}sql?q=SELEKT`);
	await page.waitForSelector("pre >> text=/Parser Error: syntax error/");
	await page.click(".tables button:has-text('numbers')");
	await page.waitForSelector("text=/^100 rows in /");
	expect(await page.inputValue("textarea")).toBe(
		'SELECT * FROM "numbers" LIMIT 100',
	);
	await page.goBack();
	await page.waitForSelector("pre >> text=Parser Error");
});

test("SQL and the history are usable for everyone, in the dark and on a phone", async () => {
	const { page } = open;
	for (const colorScheme of ["light", "dark"] as const) {
		await page.emulateMedia({ colorScheme });
		for (const chart of ["", "&chart=line"]) {
			await page.goto(
				`${open.address}sql?q=${encodeURIComponent(SQL)}${chart}`,
			);
			await page.waitForSelector(".rows, .answer .js-plotly-plot");
			await page.click("summary");
			expect(await seriousFindings(page)).toEqual([]);
		}
		await open.visit("?stream=long&key=a&range=1d");
		await page.waitForSelector(".history");
		expect(await seriousFindings(page)).toEqual([]);
	}
	await page.setViewportSize({ width: 390, height: 844 });
	await page.goto(`${open.address}sql?q=${encodeURIComponent(SQL)}`);
	await page.waitForSelector(".rows");
	const [needed, width] = await page.$eval("html", (html) => [
		html.scrollWidth,
		html.clientWidth,
	]);
	expect(needed).toBe(width);
});

test("a page whose origin is allowed shows the charts in a frame", async () => {
	const { page } = open;
	const other = createServer((_, response) => {
		response.setHeader("content-type", "text/html");
		response.end(
			`<!doctype html><iframe src="${open.address}streams"></iframe>`,
		);
	}).listen(otherPort, "127.0.0.1");
	try {
		await page.goto(`http://127.0.0.1:${otherPort}/`);
		await page.frameLocator("iframe").locator(".stream-cards").waitFor();
	} finally {
		other.closeAllConnections();
		other.close();
	}
});
