/**
 * The page with 1,000 devices at 1 Hz, on the whole system: single paths among many, and the
 * ensemble.
 */
import { expect, test } from "vitest";
import { waitForValue } from "../harness/wait-for.ts";
import { expectTopic, exportCsv } from "./csv.ts";
import { draws, plotState } from "./plot.ts";
import { withPage } from "./with-page.ts";

const DEVICES = 1_000;

const open = withPage({ FIREWORKS_METRONOME_DEVICES: String(DEVICES) });

test("twenty of a thousand paths are drawn, the rest is counted", async () => {
	await open.page.waitForSelector("text=20 of 1,000 shown");
	const first = await draws(open.page);
	await waitForValue(
		"five more draws",
		() => draws(open.page),
		(now) => now >= first + 5,
	);
	expect((await plotState(open.page)).segments.length).toBe(20);
});

test("top movers and devices found by name can be chosen", async () => {
	await open.page.selectOption(".choice select", "movers");
	await waitForValue(
		"twenty movers",
		() => open.page.locator("[data-device]").count(),
		(count) => count === 20,
	);
	await open.page.selectOption(".choice select", "chosen");
	await open.page.click("text=Choose…");
	await open.page.click("text=Choose none");
	await open.page.fill("#device-search", "0777");
	await open.page.check("text=device-0777");
	await open.page.keyboard.press("Escape");
	await waitForValue(
		"that one alone",
		() =>
			open.page.$$eval("[data-device]", (rows) =>
				rows.map((row) => row.getAttribute("data-device")),
			),
		(ids) => ids.join() === "device-0777",
	);
});

test("the ensemble lies on theory", async () => {
	await open.page.click(".segments label:has-text('Ensemble')");
	await open.page.click(".segments label:has-text('1 min')");
	await open.page.waitForSelector("[data-verdict='agrees']");
	await open.page.waitForSelector("text=1,000 of 1,000 shown");
	const bands = () =>
		open.page.$eval(".js-plotly-plot", (element) => {
			// biome-ignore lint/suspicious/noExplicitAny: Plotly's element in the browser
			const [low, high] = (element as any).data;
			return { low: [...low.y], high: [...high.y] };
		});
	const { high, low } = await waitForValue(
		"ten bands",
		bands,
		(now) => now.low.length > 10,
	);
	// 2 sqrt(t) within a third: the quantile at 2 of 1,000 normal numbers varies by some 9 %.
	const seconds = high.map((_, i) => i);
	for (const i of seconds.slice(3, -1)) {
		const root = 2 * Math.sqrt(i);
		expect(high[i], `high at ${i}`).toBeGreaterThan(root * 0.67);
		expect(high[i], `high at ${i}`).toBeLessThan(root * 1.33);
		expect(-low[i], `low at ${i}`).toBeGreaterThan(root * 0.67);
		expect(-low[i], `low at ${i}`).toBeLessThan(root * 1.33);
	}
});

test("all points of all devices are the topic's", async () => {
	// The export has only what is shown. With single paths that would be twenty devices.
	await open.page.click(".segments label:has-text('Ensemble')");
	await open.page.waitForSelector("text=1,000 of 1,000 shown");
	const points = await exportCsv(open.page);
	expect(points.size).toBe(DEVICES);
	await expectTopic(points, open.system.brokers);
});
