/**
 * The page in a real browser, on the whole system as `up` starts it. The page must show what the
 * topic contains.
 *
 * Each test has its own live page (with-page.ts), so any test runs alone and in any order.
 */
import { readFileSync } from "node:fs";
import { parseWiener, type WienerRecord } from "@fireworks/contracts";
import { expect, test } from "vitest";
import { complaintsOf } from "../harness/browser.ts";
import { readTopic, testLog } from "../harness/stream.ts";
import { waitForValue } from "../harness/wait-for.ts";
import { seriousFindings } from "./axe.ts";
import { expectTopic, exportCsv } from "./csv.ts";
import { draws, live, plotState } from "./plot.ts";
import { withPage } from "./with-page.ts";

const PLOTLY_BYTES_MIN = 500_000;

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

/** The number of events that arrived while the page is paused. */
const waiting = (): Promise<number> =>
	open.page
		.getAttribute(".pause", "data-waiting")
		.then((count) => Number(count));

test("it shows the same last values as the topic, to the last bit", async () => {
	const rows = await waitForValue(
		"five devices with ten ticks",
		shown,
		(all) => all.length === 5 && all.every((row) => row.seq >= 10),
	);
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

test("it draws, and keeps drawing", async () => {
	const first = await draws(open.page);
	await waitForValue(
		"ten more draws",
		() => draws(open.page),
		(now) => now >= first + 10,
	);
	const { segments, points } = await plotState(open.page);
	expect(segments.length).toBe(5);
	// The line on the screen has all points that the plot holds.
	expect(segments[0]).toBeGreaterThanOrEqual(10);
	expect(points).toBeGreaterThanOrEqual(10);
});

test("Plotly renames its elements: the lines are still drawn, by Plotly, with one warning", async () => {
	const page = await open.page.context().newPage();
	const complaints = complaintsOf(page);
	let renamed = 0;
	await page.route("**/*.js", async (route) => {
		const response = await route.fetch();
		const text = await response.text();
		// Plotly's own bundle, which is by far the largest. The page's code keeps the old name.
		if (text.length < PLOTLY_BYTES_MIN) return route.fulfill({ response });
		renamed++;
		const body = text.replaceAll("js-line", "js-renamed");
		return route.fulfill({ response, body });
	});
	await page.goto(open.system.page);
	await live(page);
	expect(renamed).toBe(1);
	const drawn = () =>
		page.$$eval(".scatterlayer .js-renamed", (paths) =>
			paths.map((path) => path.getAttribute("d") ?? ""),
		);
	const first = await waitForValue(
		"five lines of ten points",
		drawn,
		(now) =>
			now.length === 5 && now.every((path) => path.split("L").length > 10),
	);
	await waitForValue("all lines to move on", drawn, (now) =>
		now.every((path, i) => path !== first[i]),
	);
	const ends = await page.$$eval(".scatterlayer .point", (dots) => dots.length);
	expect(ends).toBe(5);
	expect(complaints).toEqual([expect.stringContaining("0 paths for 5 lines")]);
	await page.close();
});

test("pause: the picture stays, and events are counted; resume: the picture is at the newest", async () => {
	await open.page.click(".pause");
	await waitForValue("three ticks to wait", waiting, (now) => now >= 15);
	const paused = await plotState(open.page);
	await waitForValue("another tick", waiting, (now) => now >= 20);
	expect(await plotState(open.page)).toEqual(paused);
	await open.page.click(".pause");
	await waitForValue(
		"the newest",
		() => plotState(open.page),
		({ newestMs }) => newestMs >= paused.newestMs + 3_000,
	);
	await live(open.page);
});

test("a zoom by mouse or keys stays while data streams, until Escape returns to live", async () => {
	const chart = await open.page.locator(".chart").boundingBox();
	if (!chart) throw new Error("no chart");
	await open.page.mouse.move(chart.x + 300, chart.y + 150);
	await open.page.mouse.down();
	await open.page.mouse.move(chart.x + 500, chart.y + 350, { steps: 4 });
	await open.page.mouse.up();
	await open.page.waitForSelector("text=Back to live");
	// The current draw may have started before the zoom; the next one has not.
	const settled = async () => {
		const before = await draws(open.page);
		await waitForValue(
			"two draws",
			() => draws(open.page),
			(now) => now >= before + 2,
		);
		return (await plotState(open.page)).xRange;
	};
	const zoomed = await settled();
	expect(zoomed[1] - zoomed[0]).toBeLessThan(150_000);
	const before = await shown();
	await waitForValue("two more ticks", shown, (rows) =>
		rows.every(({ seq }, i) => seq >= (before[i]?.seq ?? 0) + 2),
	);
	expect(await settled()).toEqual(zoomed);
	await open.page.focus("[aria-label='Zoom out']");
	await open.page.keyboard.press("ArrowLeft");
	await waitForValue(
		"the keys to move it",
		settled,
		(now) => now[0] < (zoomed[0] as number),
	);
	await open.page.keyboard.press("Escape");
	await open.page.waitForSelector("text=Back to live", { state: "detached" });
	// The button disappears one frame before the picture changes. Until then the plot still shows
	// the zoomed part.
	await live(open.page);
});

test("a hidden page draws nothing, and shows the newest once it is visible again", async () => {
	await open.page.evaluate(`
		globalThis.framesDrawn = 0;
		document.addEventListener("fireworks:frame", () => { globalThis.framesDrawn += 1; });
	`);
	const framesDrawn = (): Promise<number> =>
		open.page.evaluate("globalThis.framesDrawn");
	/** Returns when that was, and how many frames had been drawn by then. */
	const hide = (hidden: boolean): Promise<{ atMs: number; frames: number }> =>
		open.page.evaluate(`
			Object.defineProperty(document, "hidden", { configurable: true, value: ${hidden} });
			document.dispatchEvent(new Event("visibilitychange"));
			({ atMs: Date.now(), frames: globalThis.framesDrawn });
		`);
	await waitForValue("the next frame", framesDrawn, (n) => n > 0);
	const { atMs: hiddenMs, frames } = await hide(true);
	const log = testLog(open.system.brokers);
	// The page renders nothing now, so the test reads the passing time from the topic.
	await readTopic(log, "wiener", (all) =>
		all.some((r) => r.timestamp >= hiddenMs + 4_000),
	);
	await log.close();
	// Nothing that happened after the page was hidden is in the picture.
	expect((await plotState(open.page)).newestMs).toBeLessThanOrEqual(hiddenMs);
	// A frame that was in progress may have finished.
	expect((await framesDrawn()) - frames).toBeLessThanOrEqual(1);
	await hide(false);
	await waitForValue(
		"the newest",
		() => plotState(open.page),
		({ newestMs }) => newestMs >= hiddenMs + 4_000,
	);
	await live(open.page);
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

test("the middleware is killed: the page says so, reconnects by itself, and misses nothing", async () => {
	open.expectComplaint(/WebSocket connection|ERR_CONNECTION_REFUSED/);
	const { system, page } = open;
	// Records all states in order: a short-lived one must not be missed.
	await page.evaluate(`
		globalThis.connection_states = [];
		new MutationObserver(() => {
			globalThis.connection_states.push(document.querySelector("main").dataset.connection);
		}).observe(document.querySelector("main"), { attributeFilter: ["data-connection"] });
	`);
	const states = (): Promise<string[]> =>
		page.evaluate("globalThis.connection_states");
	const before = await shown();
	const { pid, restarts } = await system.part("middleware");
	process.kill(pid as number, "SIGKILL");
	await waitForValue("the page to say so", states, (all) =>
		all.includes("reconnecting"),
	);
	await waitForValue(
		"the page to be connected again",
		states,
		(all) => all.at(-1) === "open",
	);
	await waitForValue("newer values", shown, (rows) =>
		rows.every((row, i) => row.seq > (before[i]?.seq ?? 0) + 3),
	);
	expect((await system.part("middleware")).restarts).toBe(restarts + 1);
	const points = await exportCsv(page);
	expect(points.size).toBe(5);
	await expectTopic(points, system.brokers);
});

test("of all that the page received nothing is missing, doubled or changed", async () => {
	await waitForValue(
		"ten ticks",
		() => plotState(open.page),
		({ points }) => points >= 10,
	);
	const points = await exportCsv(open.page);
	expect(points.size).toBe(5);
	await expectTopic(points, open.system.brokers);
});

test("what the page complains about is caught: an error, a warning, a throw", async () => {
	open.expectComplaint(/^(Error: )?planted/);
	await open.page.evaluate(`
		console.error("planted error");
		console.warn("planted warning");
		setTimeout(() => { throw new Error("planted throw"); });
	`);
	await waitForValue(
		"three complaints",
		() => open.complaints.toSorted(),
		(all) => all.length === 3,
	);
	expect(open.complaints.toSorted()).toEqual([
		"Error: planted throw",
		"planted error",
		"planted warning",
	]);
});
