/**
 * How long a frame takes, by size: our page, uPlot and plain Plotly.react on the same stream, one
 * after the other.
 */
import type { Browser, Page } from "playwright-core";
import { type Contender, runContender } from "./contender.ts";
import { type Load, PageServer } from "./page-server.ts";
import { installProbe, seen, startOver, watchTasks } from "./probe.ts";
import { quantile, row } from "./statistics.ts";

const VIEWPORT = { width: 1_360, height: 850 };
/** Size of the chart on our page at this viewport. */
const CHART = { width: 903, height: 625 };
/** Compilation and the first layouts count as loading. */
const WARM_UP_MS = 8_000;

export interface Scene {
	name: string;
	load: Load;
	/** The user's clicks that show it. */
	choose(page: Page): Promise<void>;
	/** p95, ms. */
	target: number | undefined;
	/** Others that draw the same picture. */
	contenders: readonly Contender[];
	/** With reduced motion. */
	still?: boolean;
}

const ONE_MINUTE = ".segments label:has-text('1 min')";
const paths = (devices: number, target: number): Scene => ({
	name: `${devices} x 600 points, 10 Hz`,
	load: { devices, intervalMs: 100, history: 600 },
	choose: async (page) => {
		if (devices > 20) await page.selectOption(".choice select", "all");
		await page.click(ONE_MINUTE);
	},
	target,
	contenders: ["uPlot", "Plotly.react"],
});
const ensemble = (devices: number, target: number | undefined): Scene => ({
	name: `${devices.toLocaleString("en")} devices, ensemble, 4 Hz`,
	load: { devices, intervalMs: 250, history: 400 },
	choose: async (page) => {
		await page.click(".segments label:has-text('Ensemble')");
		await page.click(ONE_MINUTE);
	},
	target,
	contenders: [],
});

/** The cost of moving the time axis between events: the same scene with and without motion. */
const slow = (still: boolean): Scene => ({
	name: `20 x 300 points, 1 Hz${still ? ", reduced motion" : ""}`,
	load: { devices: 20, intervalMs: 1_000, history: 300 },
	choose: async () => {},
	target: undefined,
	contenders: [],
	still,
});

export const SCENES: readonly Scene[] = [
	slow(false),
	slow(true),
	paths(5, 40),
	paths(20, 40),
	paths(50, 60),
	ensemble(1_000, 40),
];

/** Prints the rows of the table. Returns whether the targets are met. */
export async function measureDrawing(
	browser: Browser,
	scene: Scene,
	seconds: number,
): Promise<{ rows: string[]; met: boolean }> {
	const server = await PageServer.start(scene.load);
	try {
		const reducedMotion = scene.still ? "reduce" : "no-preference";
		const ours = await measure(
			browser,
			seconds,
			reducedMotion,
			async (page) => {
				await page.goto(server.url);
				await page.waitForSelector(".js-plotly-plot .scatterlayer");
				await scene.choose(page);
			},
		);
		const rows = [line(scene, "the page", ours)];
		for (const contender of scene.contenders) {
			const theirs = await measure(browser, seconds, reducedMotion, (page) =>
				runContender(page, contender, {
					document: `${server.url}livez`,
					websocket: server.websocket,
					devices: scene.load.devices,
					points: 600,
					...CHART,
				}),
			);
			rows.push(line(scene, contender, theirs));
		}
		const met = ours.p95 <= (scene.target ?? Number.POSITIVE_INFINITY);
		return { rows, met };
	} finally {
		await server.stop();
	}
}

interface Measured {
	p50: number;
	p95: number;
	perSecond: number;
	busy: number;
	longestTaskMs: number;
}

const line = ({ name, target }: Scene, who: string, m: Measured): string =>
	row(
		name,
		who,
		m.p50,
		m.p95,
		who === "the page" && target ? target : "",
		m.perSecond,
		`${(m.busy * 100).toFixed(0)} %`,
		m.longestTaskMs,
	);

export const DRAWING_HEAD = [
	"scene",
	"drawn by",
	"p50, ms",
	"p95, ms",
	"target p95",
	"frames/s",
	"main thread",
	"longest task, ms",
];

async function measure(
	browser: Browser,
	seconds: number,
	reducedMotion: "reduce" | "no-preference",
	open: (page: Page) => Promise<void>,
): Promise<Measured> {
	const page = await browser.newPage({ viewport: VIEWPORT, reducedMotion });
	await installProbe(page);
	await open(page);
	await page.waitForTimeout(WARM_UP_MS);
	await startOver(page);
	const begun = performance.now();
	const busyS = await watchTasks(page);
	await page.waitForTimeout(seconds * 1_000);
	const elapsedS = (performance.now() - begun) / 1_000;
	const busy = (await busyS()) / elapsedS;
	const { draws, longTasksMs } = await seen(page);
	await page.close();
	return {
		p50: quantile(draws, 0.5),
		p95: quantile(draws, 0.95),
		perSecond: draws.length / elapsedS,
		busy,
		longestTaskMs: Math.max(0, ...longTasksMs),
	};
}
