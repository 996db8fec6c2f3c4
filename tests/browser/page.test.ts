/** The page in a real browser, on the whole system as `up` brings it up: what it shows is what the topic holds. */
import { parseWiener, type WienerRecord } from "@fireworks/contracts";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { complaintsOf, launchBrowser } from "../harness/browser.ts";
import { readTopic, testLog } from "../harness/stream.ts";
import { System } from "../harness/system.ts";
import { waitFor } from "../harness/wait-for.ts";

let system: System;
let browser: Browser;
let page: Page;
let complaints: string[];

beforeAll(async () => {
	system = await System.create();
	await system.up();
	browser = await launchBrowser();
	page = await browser.newPage({ viewport: { width: 1_280, height: 800 } });
	complaints = complaintsOf(page);
	await page.goto(system.page);
});
afterAll(async () => {
	await browser?.close();
	await system?.remove();
});

interface Shown {
	deviceId: string;
	seq: number;
	value: string;
}

const shown = (): Promise<Shown[]> =>
	page.$$eval("[data-device]", (rows) =>
		rows.map((row) => ({
			deviceId: row.getAttribute("data-device") ?? "",
			seq: Number(row.getAttribute("data-seq") ?? "-1"),
			value: row.getAttribute("data-value") ?? "",
		})),
	);

const connection = () =>
	page.getAttribute("[data-connection]", "data-connection");

test("it shows the same last values as the topic, to the last bit", async () => {
	const rows = await waitFor("five devices with ten ticks", async () => {
		const all = await shown();
		return all.length === 5 && all.every((row) => row.seq >= 10)
			? all
			: undefined;
	});
	const log = testLog(system.brokers);
	const records = await readTopic(log, "wiener", (all) => {
		const seen = all.map((r) => parseWiener(r.value));
		return rows.every((row) =>
			seen.some((r) => r?.deviceId === row.deviceId && r.seq === row.seq),
		);
	});
	await log.close();
	const inTopic = new Map(
		records
			.map((r) => parseWiener(r.value) as WienerRecord)
			.map((r) => [`${r.deviceId}/${r.seq}`, r.value]),
	);
	for (const row of rows)
		expect(Number(row.value), `${row.deviceId} seq ${row.seq}`).toBe(
			inTopic.get(`${row.deviceId}/${row.seq}`),
		);
});

test("it draws, and goes on drawing", async () => {
	const draws = async () =>
		Number(await page.getAttribute("[data-draws]", "data-draws"));
	const first = await waitFor(
		"a first draw",
		async () => (await draws()) || undefined,
	);
	await waitFor("twenty more", async () => (await draws()) >= first + 20);
	const lines = page.locator(".js-plotly-plot .scatterlayer .trace .js-line");
	expect(await lines.count()).toBe(5);
});

test("the middleware is killed: it says so, reconnects by itself, and misses nothing", async () => {
	const before = await shown();
	const { pid } = await system.part("middleware");
	process.kill(pid as number, "SIGKILL");
	await waitFor(
		"the page to see it",
		async () => (await connection()) !== "open",
	);
	await waitFor(
		"the page to be connected again",
		async () => (await connection()) === "open",
	);
	await waitFor("newer values", async () =>
		(await shown()).every((row, i) => row.seq > (before[i]?.seq ?? 0) + 3),
	);
	expect((await system.part("middleware")).restarts).toBe(1);
});

test("nothing was complained about but the lost connection", () => {
	expect(
		complaints.filter(
			(text) => !/WebSocket connection|ERR_CONNECTION_REFUSED/.test(text),
		),
	).toEqual([]);
});
