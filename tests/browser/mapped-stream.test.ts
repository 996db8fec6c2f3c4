/**
 * A stream that names its own parts and units, and states no theory. The page uses its names, and
 * claims nothing that the records do not say.
 *
 * The records are the system's own, mapped as if they were a foreign stream's: only key, time,
 * number and value are used.
 */
import { expect, test } from "vitest";
import { waitFor, waitForValue } from "../harness/wait-for.ts";
import { seriousFindings } from "./axe.ts";
import { exportCsv } from "./csv.ts";
import { plotState } from "./plot.ts";
import { withPage } from "./with-page.ts";

const open = withPage({
	FIREWORKS_MIDDLEWARE_NUMBER_PATHS: "value=value",
	FIREWORKS_MIDDLEWARE_NAMES: "key=Tank,value=Level <b>now</b>",
	FIREWORKS_MIDDLEWARE_UNITS: "value=mm",
});

const LEVEL = "Level <b>now</b> (mm)";

/** Texts in Plotly's picture: headings and axis titles. */
const words = (): Promise<string[]> =>
	open.page.$$eval(
		".js-plotly-plot .annotation-text, .js-plotly-plot .x2title",
		(texts) => texts.map((text) => text.textContent ?? ""),
	);

test("the heading, the table and the hover card have the stream's names and units", async () => {
	const { page } = open;
	await page.waitForSelector("[data-seq]");
	expect(
		await page.$$eval(".devices thead th", (all) =>
			all.map((th) => th.textContent),
		),
	).toEqual(["Tank", LEVEL, "Seq", "Age"]);
	expect(
		await waitForValue("the picture", words, (now) => now.length > 0),
	).toEqual([LEVEL]);
	await page.click(".segments label:has-text('1 min')");
	const card = await waitFor("a card at a line's end", async () => {
		const box = await page
			.locator(".scatterlayer .point")
			.first()
			.boundingBox();
		if (box) await page.mouse.move(box.x + 2, box.y + 3);
		return (await page.$(".hover-card")) ?? undefined;
	});
	const shown = await card.$$eval("dt, dd", (all) =>
		all.map((one) => one.textContent?.trim()),
	);
	expect([shown[0], shown[2]]).toEqual(["Tank", "Level <b>now</b>"]);
	expect(shown[1]).toMatch(/^device-\d+$/);
	expect(shown[3]).toMatch(/^-?\d+(\.\d+)?(e-?\d+)? mm$/);
});

test("the exported file has its names, and the steps that the middleware computed", async () => {
	await waitForValue(
		"ten ticks",
		() => plotState(open.page),
		({ points }) => points >= 10,
	);
	const points = await exportCsv(
		open.page,
		`Tank,seq,time,timestamp,dt (s),Increment (mm),${LEVEL}`,
	);
	expect(points.size).toBe(5);
	for (const path of points.values())
		for (const [i, { dt, increment, value, seq }] of path.entries()) {
			const before = path[i - 1];
			if (!before) continue;
			expect(dt, `seq ${seq}`).toBe(1);
			expect(increment, `seq ${seq}`).toBe(value - before.value);
		}
});

test("the ensemble shows quantiles and a histogram, no theory, and says why", async () => {
	const { page } = open;
	await page.click(".segments label:has-text('Ensemble')");
	await page.waitForSelector("[data-verdict='no theory']");
	expect(await page.textContent(".ensemble")).toContain(
		"The records have no volatility",
	);
	expect(
		await waitForValue("both panels", words, (now) => now.length === 3),
	).toEqual([
		"Increment (mm); % of them",
		"Change of Level <b>now</b> (mm) since the left edge, all",
		"Newest: Increment",
	]);
	const plot = () =>
		page.$eval(".js-plotly-plot", (element) => {
			// biome-ignore lint/suspicious/noExplicitAny: Plotly's element in the browser
			const { data, layout } = element as any;
			return {
				dashed: data.filter(
					(trace: { line: { dash?: string } }) => trace.line.dash,
				).length,
				// biome-ignore lint/suspicious/noExplicitAny: a trace
				series: data.map((trace: any) => ({
					x: [...trace.x],
					y: [...trace.y],
				})),
				change: layout.yaxis.range as [number, number],
				increments: layout.xaxis2.range as [number, number],
			};
		});
	const { dashed, series, change, increments } = await waitForValue(
		"ten bands",
		plot,
		(now) => now.series[0].y.length > 10,
	);
	expect(dashed).toBe(0);
	const [low, high, lower, upper, median, histogram] = series as {
		x: number[];
		y: number[];
	}[];
	for (const [i, bottom] of (low as { y: number[] }).y.entries()) {
		const column = [
			bottom,
			...[lower, median, upper, high].map((one) => one?.y[i] as number),
		];
		expect(
			column.toSorted((a, b) => a - b),
			`column ${i}`,
		).toEqual(column);
		expect(bottom).toBeGreaterThanOrEqual(change[0]);
		expect(high?.y[i]).toBeLessThanOrEqual(change[1]);
	}
	// Every increment is in the picture: the parts add up to the whole.
	expect(histogram?.y.reduce((sum, part) => sum + part, 0)).toBeCloseTo(100);
	expect(
		histogram?.x.every((x) => x > increments[0] && x < increments[1]),
	).toBe(true);
	expect(await seriousFindings(page)).toEqual([]);
});
