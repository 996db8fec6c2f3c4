/**
 * A stream that tells its own names and units, and no theory: the page speaks its words, and claims nothing that the records do not tell.
 *
 * The records are the system's own, mapped as a stranger's: of them only key, time, number and value are taken.
 */
import { expect, test } from "vitest";
import { waitFor } from "../harness/wait-for.ts";
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

/** Plotly's own words in the picture: headings and axis titles. */
const words = (): Promise<string[]> =>
	open.page.$$eval(
		".js-plotly-plot .annotation-text, .js-plotly-plot .x2title",
		(texts) => texts.map((text) => text.textContent ?? ""),
	);

test("the heading, the table and the hover card have its words and units", async () => {
	const { page } = open;
	await page.waitForSelector("[data-seq]");
	expect(
		await page.$$eval(".devices thead th", (all) =>
			all.map((th) => th.textContent),
		),
	).toEqual(["Tank", LEVEL, "Seq", "Age"]);
	expect(
		await waitFor("the picture", async () => {
			const now = await words();
			return now.length > 0 ? now : undefined;
		}),
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
	const told = await card.$$eval("dt, dd", (all) =>
		all.map((one) => one.textContent?.trim()),
	);
	expect([told[0], told[2]]).toEqual(["Tank", "Level <b>now</b>"]);
	expect(told[1]).toMatch(/^device-\d+$/);
	expect(told[3]).toMatch(/^-?\d+(\.\d+)?(e-?\d+)? mm$/);
});

test("the file has its words, and the steps that the middleware found", async () => {
	await waitFor(
		"ten ticks",
		async () => (await plotState(open.page)).points >= 10,
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
		"The records tell no volatility",
	);
	expect(
		await waitFor("both panels", async () => {
			const now = await words();
			return now.length === 3 ? now : undefined;
		}),
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
	const { dashed, series, change, increments } = await waitFor(
		"ten bands",
		async () => {
			const now = await plot();
			return now.series[0].y.length > 10 ? now : undefined;
		},
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
	// Every increment is in the picture: the parts make the whole.
	expect(histogram?.y.reduce((sum, part) => sum + part, 0)).toBeCloseTo(100);
	expect(
		histogram?.x.every((x) => x > increments[0] && x < increments[1]),
	).toBe(true);
	expect(await seriousFindings(page)).toEqual([]);
});

test("nothing was complained about", () => {
	expect(open.complaints).toEqual([]);
});
