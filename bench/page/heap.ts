/**
 * Whether the page's memory stays constant once its ring buffers are full (9 minutes): 20 devices
 * at 10 Hz, the heap after a collection, minute by minute.
 */
import type { Browser } from "playwright-core";
import { PageServer } from "./page-server.ts";
import { heapOf, installProbe, seen, startOver } from "./probe.ts";
import { head, row } from "./statistics.ts";

const LOAD = { devices: 20, intervalMs: 100, history: 3_600 };
const SAMPLE_MS = 60_000;
/** Growth over the whole time, as a fraction of the initial size. */
const GROWTH_MAX = 0.1;
const LONG_TASK_MS = 150;
/**
 * The page keeps 12 minutes of points and gets 6 with its snapshot. After this time the ring
 * buffers are full and have their final size.
 */
const SETTLE_MS = 540_000;

export async function measureHeap(
	browser: Browser,
	minutes: number,
): Promise<boolean> {
	const server = await PageServer.start(LOAD);
	try {
		const page = await browser.newPage({
			viewport: { width: 1_360, height: 850 },
		});
		await installProbe(page);
		await page.goto(server.url);
		await page.waitForTimeout(SETTLE_MS);
		await startOver(page);
		console.log(head("minute", "objects, MB", "typed arrays, MB"));
		const totals: number[] = [];
		const tasks: number[] = [];
		for (let minute = 0; minute <= minutes; minute++) {
			if (minute > 0) await page.waitForTimeout(SAMPLE_MS);
			// A forced collection is a long task of this benchmark, not of the page.
			tasks.push(...(await seen(page)).longTasksMs);
			const { objectsMb, arraysMb } = await heapOf(page);
			totals.push(objectsMb + arraysMb);
			console.log(row(String(minute), objectsMb, arraysMb));
			await page.waitForTimeout(200);
			await startOver(page);
		}
		await page.close();
		// The minimum of each third, because a short peak is not growth.
		const third = Math.ceil(totals.length / 3);
		const growth =
			Math.min(...totals.slice(-third)) / Math.min(...totals.slice(0, third)) -
			1;
		const longest = Math.max(0, ...tasks);
		console.log(
			`\nGrowth over ${minutes} minutes: ${(growth * 100).toFixed(1)} % (target: under ${GROWTH_MAX * 100} %). Longest task: ${Math.round(longest)} ms (target: at most ${LONG_TASK_MS}).\n`,
		);
		return growth < GROWTH_MAX && longest <= LONG_TASK_MS;
	} finally {
		await server.stop();
	}
}
