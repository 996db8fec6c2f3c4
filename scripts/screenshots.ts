/**
 * Takes the pictures in docs/images from the real system: `pnpm screenshots [NAME...]`; without
 * names, all of them.
 *
 * The system starts on free ports, in turn with a dozen devices, with a few hundred, and with two
 * engines. Each picture is taken once the paths fill its window; those of the streams once all
 * records are drawn. Needs a build (`pnpm build`) and Chromium.
 */
import { mkdirSync, statSync } from "node:fs";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { TestLake } from "../tests/browser/lake.ts";
import {
	bringWeather,
	keepWeather,
	LAKE_PICTURES,
	STREAM_PICTURES,
} from "../tests/browser/streams-pictures.ts";
import { complaintsOf, launchBrowser } from "../tests/harness/browser.ts";
import { System } from "../tests/harness/system.ts";
import { waitFor } from "../tests/harness/wait-for.ts";

const FOLDER = "docs/images";
/** Limit per picture: pictures stay in the repository's history forever. */
const PICTURE_BYTES_MAX = 300_000;
const WINDOW_MS = 60_000;
const FILLED_TIMEOUT_MS = 240_000;
/** Wait until latencies and rates are those of a running page, not of its start. */
const SETTLE_MS = 12_000;
/** Wait until the charts of a stream are drawn. */
const DRAWN_MS = 3_000;

interface Picture {
	name: string;
	context: BrowserContextOptions;
	/** What a user clicks first. */
	choose: string[];
}

const WIDE = { viewport: { width: 1_360, height: 850 } };
const ONE_MINUTE = ".segments label:has-text('1 min')";

const PATHS: Picture[] = [
	{ name: "dashboard", context: WIDE, choose: [ONE_MINUTE] },
	{
		name: "dashboard-dark",
		context: { ...WIDE, colorScheme: "dark" },
		choose: [ONE_MINUTE],
	},
	{
		name: "dashboard-phone",
		context: {
			viewport: { width: 390, height: 844 },
			deviceScaleFactor: 1.5,
			hasTouch: true,
		},
		choose: [ONE_MINUTE],
	},
];

const ENSEMBLE: Picture[] = [
	{
		name: "ensemble",
		context: WIDE,
		choose: [".segments label:has-text('Ensemble')", ONE_MINUTE],
	},
];

const ENGINES: Picture[] = [
	{
		name: "engines",
		context: WIDE,
		choose: [".segments label:has-text('Engines')", ONE_MINUTE],
	},
];

async function takeAll(
	browser: Browser,
	settings: Record<string, string>,
	pictures: readonly Picture[],
): Promise<void> {
	const wanted = pictures.filter(
		({ name }) => names.length === 0 || names.includes(name),
	);
	if (wanted.length === 0) return;
	const system = await System.create(settings);
	try {
		await system.up();
		const stepMs = Number(settings.FIREWORKS_METRONOME_INTERVAL_MS);
		for (const picture of wanted)
			await take(browser, system.page, picture, WINDOW_MS / stepMs);
	} finally {
		await system.remove();
	}
}

async function take(
	browser: Browser,
	address: string,
	{ name, context, choose }: Picture,
	ticks: number,
): Promise<void> {
	const page = await browser.newPage(context);
	const complaints = complaintsOf(page);
	await page.goto(address);
	// The last records are shown only with the single paths, so this comes first.
	await waitFor(
		"the paths to fill the window",
		async () => {
			const seqs = await page.$$eval("[data-seq]", (rows) =>
				rows.map((row) => Number(row.getAttribute("data-seq"))),
			);
			return seqs.length > 0 && Math.min(...seqs) > ticks;
		},
		FILLED_TIMEOUT_MS,
	);
	for (const selector of choose) await page.click(selector);
	await page.waitForTimeout(SETTLE_MS);
	await save(page, name, complaints);
}

async function save(
	page: Page,
	name: string,
	complaints: readonly string[],
): Promise<void> {
	const path = `${FOLDER}/${name}.png`;
	await page.screenshot({ path });
	await page.close();
	const { size } = statSync(path);
	console.log(`${path}: ${Math.round(size / 1_000)} kB`);
	if (size > PICTURE_BYTES_MAX) throw new Error(`${path} is too large`);
	if (complaints.length > 0) throw new Error(complaints.join("\n"));
}

async function takeStreams(browser: Browser): Promise<void> {
	const wanted = STREAM_PICTURES.filter(
		({ name }) => names.length === 0 || names.includes(name),
	);
	if (wanted.length === 0) return;
	const system = await System.create();
	try {
		await system.up();
		await bringWeather(system.brokers);
		for (const { name, context, address, points } of wanted) {
			const page = await browser.newPage(context);
			const complaints = complaintsOf(page);
			await page.goto(`${system.page}${address}`);
			await waitFor(`${points} points`, async () => {
				const held = await page.getAttribute(".stream", "data-points");
				return Number(held) >= points;
			});
			await page.waitForTimeout(DRAWN_MS);
			await save(page, name, complaints);
		}
	} finally {
		await system.remove();
	}
}

/** Next to each picture, those in the dark and on a phone can be taken by their own names. */
const LOOKS: Record<string, BrowserContextOptions> = {
	"": WIDE,
	"-dark": { ...WIDE, colorScheme: "dark" },
	"-phone": { viewport: { width: 390, height: 844 }, hasTouch: true },
};

async function takeLake(browser: Browser): Promise<void> {
	const all = Object.entries(LOOKS).flatMap(([look, context]) =>
		LAKE_PICTURES.map(({ name, ...picture }) => ({
			...{ name: `${name}${look}`, context, ...picture },
			wanted: look === "" && names.length === 0,
		})),
	);
	const wanted = all.filter(
		({ name, wanted }) => wanted || names.includes(name),
	);
	if (wanted.length === 0) return;
	const lake = await TestLake.create();
	const system = await System.create({
		FIREWORKS_DASHBOARD_LAKE_URL: lake.url,
	});
	try {
		await lake.start();
		await keepWeather(lake);
		await system.up();
		await bringWeather(system.brokers);
		for (const { name, context, address, selector } of wanted) {
			const page = await browser.newPage(context);
			const complaints = complaintsOf(page);
			await page.goto(`${system.page}${address}`);
			await page.waitForSelector(selector, { timeout: FILLED_TIMEOUT_MS });
			await page.waitForTimeout(DRAWN_MS);
			await save(page, name, complaints);
		}
	} finally {
		await system.remove();
		await lake.remove();
	}
}

const names = process.argv.slice(2);
mkdirSync(FOLDER, { recursive: true });
const browser = await launchBrowser();
try {
	await takeAll(
		browser,
		{
			FIREWORKS_METRONOME_DEVICES: "12",
			FIREWORKS_METRONOME_INTERVAL_MS: "250",
			FIREWORKS_METRONOME_ADVANCE_MS: "250",
		},
		PATHS,
	);
	await takeAll(
		browser,
		{
			FIREWORKS_METRONOME_DEVICES: "600",
			FIREWORKS_METRONOME_INTERVAL_MS: "500",
			FIREWORKS_METRONOME_ADVANCE_MS: "500",
		},
		ENSEMBLE,
	);
	await takeAll(
		browser,
		{
			FIREWORKS_METRONOME_DEVICES: "5",
			FIREWORKS_METRONOME_INTERVAL_MS: "250",
			FIREWORKS_METRONOME_ADVANCE_MS: "250",
			FIREWORKS_COMPARE_ENGINE: "python",
			FIREWORKS_COMPARE_PROCESSOR_PORT: "0",
			FIREWORKS_COMPARE_MIDDLEWARE_PORT: "0",
		},
		ENGINES,
	);
	await takeStreams(browser);
	await takeLake(browser);
} finally {
	await browser.close();
}
