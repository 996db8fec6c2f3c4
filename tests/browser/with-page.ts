/** The whole system as `up` brings it up, and its page in a real browser, for all tests of a file. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { complaintsOf, launchBrowser } from "../harness/browser.ts";
import { System } from "../harness/system.ts";

export interface OpenPage {
	system: System;
	page: Page;
	/** All that the page complained about. */
	complaints: string[];
}

/** Call it at the top of a test file; what it returns is filled before the first test. settings: beside the defaults. */
export function withPage(settings: Record<string, string> = {}): OpenPage {
	const open = {} as OpenPage;
	let browser: Browser | undefined;
	beforeAll(async () => {
		open.system = await System.create(settings);
		await open.system.up();
		browser = await launchBrowser();
		open.page = await browser.newPage({
			viewport: { width: 1_280, height: 800 },
		});
		open.complaints = complaintsOf(open.page);
		await open.page.goto(open.system.page);
	});
	afterAll(async () => {
		await browser?.close();
		await open.system?.remove();
	});
	return open;
}
