/** Times, sizes and numbers of any kind on the page of all streams. */
import { expect, test } from "vitest";
import { waitForValue } from "../harness/wait-for.ts";
import { append, bring, chartOf, type TestRecord } from "./catalog-stream.ts";
import { BEGIN, SECOND, simple, withStreams } from "./with-streams.ts";

const open = withStreams();

test("zooming out and moving end where nothing more is held; a paused page goes live again", async () => {
	const { page } = open;
	await open.visit("?stream=tanks&key=a");
	await open.lines("level", 1);
	for (let press = 0; press < 20; press++) {
		await page.getByRole("button", { name: "Zoom out" }).click();
		expect((await chartOf(page, "level")).times.length).toBeLessThan(11);
	}
	const zoomed = await waitForValue(
		"the picture of the zoomed range",
		() => chartOf(page, "level"),
		({ x }) => x[0] < BEGIN,
	);
	expect(zoomed.x[1] - zoomed.x[0]).toBeLessThan(3_600_000);
	await page.keyboard.press("ArrowLeft");
	await page.keyboard.press("+");
	const times = (wanted: boolean) =>
		waitForValue(
			wanted ? "a fixed time in the address" : "no fixed time in the address",
			async () => new URL(page.url()).searchParams,
			(query) => query.has("from") === wanted,
		).then((query) =>
			["from", "to"].map((name) => Date.parse(query.get(name) ?? "")),
		);
	await times(true);
	await page.click("text=Back to live");
	await times(false);
	await page.click("text=Pause");
	const [from, to] = await times(true);
	expect(from).toBeLessThan(BEGIN);
	expect(to).toBeGreaterThan(BEGIN);
	await page.click("text=Go live");
	await times(false);
	expect(new URL(page.url()).search).toBe("?stream=tanks&key=a");
	// Two dates of one's own.
	await page.click("text=Dates…");
	await page.fill("[name=from]", "2026-03-01T00:00:00");
	await page.fill("[name=to]", "2026-03-02T12:00:00");
	await page.click("text=Show >> visible=true");
	const [first, last] = await times(true);
	expect((last as number) - (first as number)).toBe(36 * 3_600_000);
	await page.click("text=Show all of it");
	await times(false);
	expect(new URL(page.url()).search).toBe("?stream=tanks&key=a&range=all");
	await open.lines("level", 1);
});

test("hours in the past, tiny values and huge ones have axes that fit", async () => {
	const { page } = open;
	const hour = 3_600_000;
	const at = 1_789_999_200_000;
	const point = (id: string, t: number, v: number): TestRecord => ({
		key: id,
		value: { id, t, v },
	});
	await bring(
		open.log,
		simple("hourly"),
		Array.from({ length: 48 }, (_, i) => point("station", at + i * hour, i)),
	);
	await open.visit("?stream=hourly");
	await open.lines("v", 1, 48);
	const past = await chartOf(page, "v");
	expect(past.x[0]).toBeLessThan(at);
	expect(past.x[1]).toBeGreaterThan(at + 47 * hour);
	expect(past.times.join(" ")).toMatch(/Sep/);
	expect(await page.textContent(".notes")).toMatch(/lies in the past/);

	const sizes = { strain: 1e-15, tiny: -3e-21, huge: 1e300, least: 1e-300 };
	await bring(
		open.log,
		simple("sizes"),
		Object.entries(sizes).flatMap(([id, size]) =>
			[1, 2, 3, 4, 5].map((n) => point(id, Date.now() - n * SECOND, n * size)),
		),
	);
	for (const [id, size] of Object.entries(sizes)) {
		await open.visit(`?stream=sizes&key=${id}`);
		await open.lines("v", 1, 5);
		const { y, values } = await chartOf(page, "v");
		const [low, high] = [size, 5 * size].toSorted((a, b) => a - b);
		expect(y[0]).toBeLessThanOrEqual(low as number);
		expect(y[1]).toBeGreaterThanOrEqual(high as number);
		expect(y[1] - y[0]).toBeLessThan(10 * Math.abs(size));
		expect(new Set(values).size).toBe(values.length);
		expect(values.join(" ")).toMatch(/\de\u2212?\d/);
		expect(values.join(" ")).not.toMatch(/NaN|Infinity/);
		expect(await page.textContent("td[data-measure=v]")).toMatch(
			/e\u2212?\d+$/,
		);
	}
});

test("a stream of 10,000 keys: a key is found by its name, and only shown keys are sent", async () => {
	const { page } = open;
	const now = Date.now();
	await bring(
		open.log,
		simple("many"),
		Array.from({ length: 10_000 }, (_, i) => {
			const id = `key-${String(i).padStart(5, "0")}`;
			return { key: id, value: { id, t: now - i, v: i } };
		}),
	);
	await open.visit("?stream=many");
	await waitForValue(
		"all keys",
		() => page.textContent(".shown"),
		(text) => text?.startsWith("20 of 10,000 keys, ") === true,
	);
	await open.lines("v", 20);
	await page.click("text=Keys…");
	expect(await page.getByRole("checkbox").count()).toBeLessThan(110);
	await page.fill("#device-search", "key-07777");
	await page.getByRole("checkbox", { name: "key-07777" }).check();
	await page.keyboard.press("Escape");
	const [line] = await open.lines("v", 1);
	expect(line?.every(([, v]) => v === 7_777)).toBe(true);
	await waitForValue(
		"only that key's point",
		() => page.getAttribute(".stream", "data-points"),
		(points) => points === "1",
	);
});

test("a wrong address says so; an unknown stream appears as soon as it is published", async () => {
	const { page } = open;
	await open.visit("?stream=later&range=3");
	await page.waitForSelector("text=There is no stream later");
	expect(await page.textContent("main > .problems")).toMatch(/range=3/);
	await bring(open.log, simple("later"));
	// The middleware begins to read a new stream: seconds on a busy machine.
	await page.waitForSelector("text=Connected, no records yet", {
		timeout: 120_000,
	});
	await append(open.log, "later", [
		{ key: "k", value: { id: "k", t: Date.now(), v: 5 } },
	]);
	const [line] = await open.lines("v", 1);
	expect(line?.[0]?.[1]).toBe(5);
	// The live edge is the clock: time goes on without records.
	const { x } = await chartOf(page, "v");
	expect(Math.abs(x[1] - Date.now())).toBeLessThan(60 * SECOND);
	await waitForValue(
		"the picture to move on",
		() => chartOf(page, "v"),
		(chart) => chart.x[1] > x[1],
	);
});
