/** The page in a real browser, on the whole system as `up` brings it up: what it shows is what the topic holds. */

import { readFileSync } from "node:fs";
import { parseWiener, type WienerRecord } from "@fireworks/contracts";
import { expect, test } from "vitest";
import { readTopic, testLog } from "../harness/stream.ts";
import { waitFor } from "../harness/wait-for.ts";
import { seriousFindings } from "./axe.ts";
import { expectTopic, exportCsv } from "./csv.ts";
import { draws, plotState } from "./plot.ts";
import { withPage } from "./with-page.ts";

const open = withPage();

interface Shown {
	deviceId: string;
	seq: number;
	value: string;
}

const shown = (): Promise<Shown[]> =>
	open.page.$$eval("[data-device]", (rows) =>
		rows.map((row) => ({
			deviceId: row.getAttribute("data-device") ?? "",
			seq: Number(row.getAttribute("data-seq") ?? "-1"),
			value: row.getAttribute("data-value") ?? "",
		})),
	);

const connection = () =>
	open.page.getAttribute("[data-connection]", "data-connection");

test("it shows the same last values as the topic, to the last bit", async () => {
	const rows = await waitFor("five devices with ten ticks", async () => {
		const all = await shown();
		return all.length === 5 && all.every((row) => row.seq >= 10)
			? all
			: undefined;
	});
	const log = testLog(open.system.brokers);
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
	const first = await waitFor(
		"a draw",
		async () => (await draws(open.page)) || false,
	);
	await waitFor("ten more", async () => (await draws(open.page)) >= first + 10);
	const { segments, points } = await plotState(open.page);
	expect(segments.length).toBe(5);
	// The line on the screen has all points that the plot holds.
	expect(segments[0]).toBeGreaterThanOrEqual(10);
	expect(points).toBeGreaterThanOrEqual(10);
});

test("pause: the picture stands, the events are counted; resume: it is at the newest", async () => {
	await open.page.click(".pause");
	await waitFor(
		"three ticks to wait",
		async () =>
			Number(await open.page.getAttribute(".pause", "data-waiting")) >= 15,
	);
	const paused = await plotState(open.page);
	await waitFor(
		"another tick",
		async () =>
			Number(await open.page.getAttribute(".pause", "data-waiting")) >= 20,
	);
	expect(await plotState(open.page)).toEqual(paused);
	await open.page.click(".pause");
	await waitFor(
		"the newest",
		async () =>
			(await plotState(open.page)).newestMs >= paused.newestMs + 3_000,
	);
});

test("a zoom stays while data streams, by mouse and by keys, and goes back to live", async () => {
	const chart = await open.page.locator(".chart").boundingBox();
	if (!chart) throw new Error("no chart");
	await open.page.mouse.move(chart.x + 300, chart.y + 150);
	await open.page.mouse.down();
	await open.page.mouse.move(chart.x + 500, chart.y + 350, { steps: 4 });
	await open.page.mouse.up();
	await open.page.waitForSelector("text=Back to live");
	// The draw that is under way may have begun before: the one after it has not.
	const settled = async () => {
		const before = await draws(open.page);
		await waitFor(
			"two draws",
			async () => (await draws(open.page)) >= before + 2,
		);
		return (await plotState(open.page)).xRange;
	};
	const zoomed = await settled();
	expect(zoomed[1] - zoomed[0]).toBeLessThan(150_000);
	const before = await shown();
	await waitFor("two more ticks", async () =>
		(await shown()).every(({ seq }, i) => seq >= (before[i]?.seq ?? 0) + 2),
	);
	expect(await settled()).toEqual(zoomed);
	await open.page.focus("[aria-label='Zoom out']");
	await open.page.keyboard.press("ArrowLeft");
	await waitFor(
		"the keys to move it",
		async () => (await settled())[0] < zoomed[0],
	);
	await open.page.keyboard.press("Escape");
	await open.page.waitForSelector("text=Back to live", { state: "detached" });
});

test("a hidden page draws nothing, and shows the newest once it is seen again", async () => {
	const hide = (hidden: boolean) =>
		open.page.evaluate(`
			Object.defineProperty(document, "hidden", { configurable: true, value: ${hidden} });
			document.dispatchEvent(new Event("visibilitychange"));
		`);
	const before = await plotState(open.page);
	await hide(true);
	const log = testLog(open.system.brokers);
	// The page renders nothing now: that time passes is seen in the topic.
	await readTopic(log, "wiener", (all) =>
		all.some((r) => r.timestamp >= before.newestMs + 4_000),
	);
	await log.close();
	expect((await plotState(open.page)).newestMs).toBeLessThanOrEqual(
		before.newestMs + 1_000,
	);
	await hide(false);
	await waitFor(
		"the newest",
		async () =>
			(await plotState(open.page)).newestMs >= before.newestMs + 4_000,
	);
});

test("the picture can be saved", async () => {
	const [file] = await Promise.all([
		open.page.waitForEvent("download"),
		open.page.click("button:has-text('PNG')"),
	]);
	const bytes = readFileSync(await file.path());
	expect(bytes.subarray(1, 4).toString()).toBe("PNG");
	expect(bytes.length).toBeGreaterThan(10_000);
});

test("axe finds nothing serious, in light and dark, in both views", async () => {
	for (const view of ["Ensemble", "Paths"])
		for (const colorScheme of ["dark", "light"] as const) {
			await open.page.emulateMedia({ colorScheme });
			await open.page.click(`.segments label:has-text('${view}')`);
			expect(
				await seriousFindings(open.page),
				`${view}, ${colorScheme}`,
			).toEqual([]);
		}
});

test("the middleware is killed: it says so, reconnects by itself, and misses nothing", async () => {
	const before = await shown();
	const { pid } = await open.system.part("middleware");
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
	expect((await open.system.part("middleware")).restarts).toBe(1);
});

test("of all that the page received nothing is missing, doubled or changed", async () => {
	const points = await exportCsv(open.page);
	expect(points.size).toBe(5);
	await expectTopic(points, open.system.brokers);
});

test("nothing was complained about but the lost connection", () => {
	expect(
		open.complaints.filter(
			(text) => !/WebSocket connection|ERR_CONNECTION_REFUSED/.test(text),
		),
	).toEqual([]);
});
