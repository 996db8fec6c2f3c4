/** The page of all streams, on the whole system: what is drawn is what lies in Kafka. */
import { expect, test } from "vitest";
import { waitForValue } from "../harness/wait-for.ts";
import { seriousFindings } from "./axe.ts";
import { append, chartOf } from "./catalog-stream.ts";
import {
	EMOJI,
	FLOW_OF_A,
	HTML,
	LEVEL_OF_A,
	LONG,
	RTL,
	seconds,
	tank,
	withStreams,
} from "./with-streams.ts";

const open = withStreams();

const rows = () =>
	open.page.$$eval("tr[data-key]", (all) =>
		all.map((row) => row.getAttribute("data-key")),
	);

test("a stream is chosen from the list, and drawn: late, equal, missing and silent", async () => {
	const { page } = open;
	await page.click("nav >> text=All streams");
	await page.click(".stream-cards a:has-text('tanks')");
	await open.lines("level", 5);
	expect(new URL(page.url()).search).toBe("?stream=tanks");
	await page.click("text=Keys…");
	await page.getByRole("checkbox", { name: "a", exact: true }).check();
	await page.keyboard.press("Escape");
	const [level] = await open.lines("level", 1);
	expect(seconds(level)).toEqual(LEVEL_OF_A);
	const [flow] = await open.lines("flow", 1);
	expect(seconds(flow)).toEqual(FLOW_OF_A);
	const newest = await page.$$eval("tr[data-key=a] td[data-value]", (cells) =>
		cells.map((cell) => cell.getAttribute("data-value")),
	);
	expect(newest).toEqual(["10", "110"]);
	// A new record, and a late one, land where they belong.
	await append(open.log, "tanks", [tank("a", 32, 11), tank("a", 29, 8.5)]);
	const grown = await waitForValue(
		"the new records",
		() => chartOf(page, "level"),
		(chart) => chart.lines[0]?.at(-1)?.[1] === 11,
	);
	const [gap, ...rest] = seconds(grown.lines[0]).slice(-5);
	expect(gap).toEqual([29, Number.NaN]);
	expect(rest.map(([, value]) => value)).toEqual([8.5, 9, 10, 11]);
	await page.goBack();
	await page.waitForSelector(".stream-cards");
});

test("odd keys are shown as they are, and no text is taken for HTML", async () => {
	const { page } = open;
	await open.visit("?stream=tanks");
	await open.lines("level", 5);
	expect((await rows()).toSorted()).toEqual(
		["a", HTML, RTL, EMOJI, LONG].toSorted(),
	);
	const heading = await page.textContent(
		"[data-measure=level] .annotation-text",
	);
	expect(heading).toBe("Level <b>now</b> (mm)");
	await page.click("label:has-text('Heat map')");
	await page.waitForSelector(
		"[data-measure=level] .imagelayer image, [data-measure=level] image",
	);
	const names = await page.$$eval("[data-measure=level] .ytick", (ticks) =>
		ticks.map((tick) => tick.textContent),
	);
	expect(names).toContain("<img src=x onerro…");
	expect(await page.$("img")).toBeNull();
});

test("measure, key, kind and time are in the address, which restores them", async () => {
	const { page } = open;
	await open.visit("?stream=tanks");
	await open.lines("level", 5);
	await page.click("text=Measures (2 of 2)…");
	await page.getByRole("checkbox", { name: /^Level/ }).uncheck();
	await page.keyboard.press("Escape");
	await page.click("text=Keys…");
	await page.fill("#device-search", "berg");
	await page.getByRole("checkbox", { name: EMOJI }).check();
	await page.keyboard.press("Escape");
	await page.click("label:has-text('Bars')");
	await page.selectOption("select:has(option[value=all])", "3600000");
	const query = await waitForValue(
		"the address",
		async () => [...new URL(page.url()).searchParams],
		(all) => all.some(([name]) => name === "range"),
	);
	expect(query).toEqual([
		["stream", "tanks"],
		["measure", "flow"],
		["key", EMOJI],
		["range", "1h"],
		["chart", "bars"],
	]);
	const check = async () => {
		const [bars] = await open.lines("flow", 1);
		expect(seconds(bars)).toEqual([
			[0, 22],
			[1, 32],
		]);
		const { type, x, y } = await chartOf(page, "flow");
		expect(type).toBe("bar");
		expect(y[0]).toBe(0);
		expect(x[1] - x[0]).toBe(3_600_000);
		expect(await page.$("[data-measure=level]")).toBeNull();
		expect(await rows()).toEqual([EMOJI]);
	};
	await check();
	await page.reload();
	await check();
});

test("data problems are named, and the page is accessible: light, dark, on a phone", async () => {
	const { page } = open;
	await open.visit("?stream=tanks");
	const panel = page.getByRole("region", { name: "Data problems" });
	const problems = await waitForValue(
		"the problems",
		() => panel.getByRole("listitem").allInnerTexts(),
		(all) => all.length === 3,
	);
	expect(
		problems.filter((text) => /^1 record not shown: /.test(text)),
	).toHaveLength(2);
	expect(problems.at(-1)).toMatch(
		/^1 record set aside: their time lies more than 1 h ahead .*topic tanks/,
	);
	await open.lines("level", 5);
	const look = async (name: string) => {
		expect(await seriousFindings(page), name).toEqual([]);
		if (process.env.SCREENSHOTS)
			await page.screenshot({ path: `${process.env.SCREENSHOTS}/${name}.png` });
	};
	await look("light");
	await page.emulateMedia({ colorScheme: "dark" });
	await look("dark");
	await page.click("label:has-text('Bars')");
	await look("bars");
	await page.click("label:has-text('Heat map')");
	await look("heat-map");
	await page.click("text=Keys…");
	await look("keys");
	await page.keyboard.press("Escape");
	await page.setViewportSize({ width: 390, height: 844 });
	await look("phone");
	const { scrollWidth, clientWidth } = await page.$eval("html", (html) => html);
	expect(scrollWidth).toBe(clientWidth);
	await open.visit("");
	await page.waitForSelector(".stream-cards");
	await look("list");
});

test("without a lake the page shows nothing of it, and the SQL view says how to have one", async () => {
	const { page } = open;
	await open.visit("?stream=tanks&key=a");
	await open.lines("level", 1);
	expect(await page.locator(".history").count()).toBe(0);
	await page.click("nav >> text=SQL");
	await page.waitForSelector(
		"text=The lake is off: sh bootstrap.sh up --local --lake",
	);
	expect(await page.locator("textarea, .tables").count()).toBe(0);
	expect(await seriousFindings(page)).toEqual([]);
	const answer = await fetch(new URL("/lake/tables", page.url()));
	expect([answer.status, await answer.json()]).toEqual([
		404,
		{ error: "The lake is off: sh bootstrap.sh up --local --lake" },
	]);
});
