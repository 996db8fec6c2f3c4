/**
 * A page with a single host name and port, as in Codespaces and Gitpod, and the zoom's limit, in a
 * real browser.
 */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { complaintsOf, launchBrowser } from "../harness/browser.ts";
import { System } from "../harness/system.ts";
import { waitFor } from "../harness/wait-for.ts";
import { attribute, draws, plotState } from "./plot.ts";

/** A host name for this port alone, like https://name-3000.app.github.dev. */
const HOST = "name-3000.codespace.example";
const PRESSES = 30;
const LABELS_MAX = 10;
/** Two frames of the page's own clock (100 ms), on a busy machine. */
const ANSWER_MS = 1_500;

let system: System;
let browser: Browser;
let page: Page;
let complaints: string[];

beforeAll(async () => {
	system = await System.create();
	await system.up();
	browser = await launchBrowser([
		`--host-resolver-rules=MAP ${HOST}:80 127.0.0.1:${system.ports.dashboard}`,
	]);
});
afterEach(async () => {
	await page?.close();
});
afterAll(async () => {
	await browser?.close();
	await system?.remove();
});

async function openPage(url: string): Promise<void> {
	page = await browser.newPage({ viewport: { width: 1_280, height: 800 } });
	complaints = complaintsOf(page);
	await page.goto(url);
	await waitFor(
		"the page to be connected",
		async () => (await attribute(page, "connection")) === "open",
	);
	await waitFor("a picture", async () => (await draws(page)) > 2);
}

test.each([
	["a host name for its port alone", () => `http://${HOST}/`],
	["localhost", () => `http://localhost:${system.ports.dashboard}/`],
	["an IPv6 address", () => `http://[::1]:${system.ports.dashboard}/`],
])("the page is live at %s", async (_, url) => {
	await openPage(url());
	// Chromium prints this for every page at a plain http:// name.
	expect(
		complaints.filter((text) => !text.includes("Cross-Origin-Opener-Policy")),
	).toEqual([]);
});

test("zooming out: few labels, each press is answered at once, and it ends", async () => {
	await openPage(system.page);
	const ticks = () => page.$$eval(".xtick text", (all) => all.length);
	for (let press = 0; press < PRESSES; press++) {
		const startedMs = performance.now();
		await page.click("[aria-label='Zoom out']");
		// The page's main thread answers again.
		await page.evaluate("new Promise(requestAnimationFrame)");
		expect(performance.now() - startedMs).toBeLessThan(ANSWER_MS);
		expect(await ticks()).toBeLessThanOrEqual(LABELS_MAX);
	}
	await waitFor("a draw of the last press", async () => {
		const before = await draws(page);
		await waitFor("a draw", async () => (await draws(page)) > before);
		return true;
	});
	const [from, to] = (await plotState(page)).xRange;
	// The zoom shows all data that the page holds and no more: a few minutes, not years.
	expect(to - from).toBeLessThan(3_600_000);
	expect(await ticks()).toBeGreaterThanOrEqual(2);
	expect(await attribute(page, "connection")).toBe("open");
	expect(complaints).toEqual([]);
});
