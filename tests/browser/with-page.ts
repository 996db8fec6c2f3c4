/**
 * The whole system as `up` starts it, for all tests of a file, and a page in a real browser for
 * each test.
 *
 * Each test has its own page, which is live when the test starts. So no test depends on what
 * another one did to the page (a zoom, a pause, a colour scheme), or is disturbed by it. After each
 * test the page must have no complaints except those that the test expected.
 */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { complaintsOf, launchBrowser } from "../harness/browser.ts";
import { System } from "../harness/system.ts";
import { live } from "./plot.ts";

export interface OpenPage {
	system: System;
	page: Page;
	/** Everything the page complained about since it was opened. */
	complaints: string[];
	/** The test provokes complaints that match this one; they are not failures. */
	expectComplaint(pattern: RegExp): void;
}

/**
 * Call it at the top of a file or describe. The returned object is filled before each test.
 * settings: in addition to the defaults.
 */
export function withPage(settings: Record<string, string> = {}): OpenPage {
	let browser: Browser | undefined;
	let context: BrowserContext | undefined;
	let expected: RegExp[] = [];
	const open = {
		expectComplaint: (pattern: RegExp) => {
			expected.push(pattern);
		},
	} as OpenPage;
	beforeAll(async () => {
		open.system = await System.create(settings);
		await open.system.up();
		browser = await launchBrowser();
	});
	beforeEach(async () => {
		expected = [];
		context = await browser?.newContext({
			viewport: { width: 1_280, height: 800 },
		});
		if (!context) throw new Error("the browser did not start");
		open.page = await context.newPage();
		open.complaints = complaintsOf(open.page);
		await open.page.goto(open.system.page);
		await live(open.page);
	});
	afterEach(async () => {
		await context?.close();
		context = undefined;
		expect(
			(open.complaints ?? []).filter(
				(text) => !expected.some((pattern) => pattern.test(text)),
			),
			"what the page complained about",
		).toEqual([]);
	});
	afterAll(async () => {
		await browser?.close();
		await open.system?.remove();
	});
	return open;
}
