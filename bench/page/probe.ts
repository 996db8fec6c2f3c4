/**
 * Measurements inside a page: each frame as the page reports it, tasks that blocked the main thread
 * for long, and the fraction of time it was busy.
 */
import type { Page } from "playwright-core";

/** Times of a frame's oldest event on its way to the screen, ms since 1970. */
export interface Way {
	eventMs: number;
	sentAtMs: number;
	receivedMs: number;
	paintedMs: number;
}

interface Seen {
	draws: number[];
	ways: Way[];
	firstFrameMs: number | undefined;
	firstWayMs: number | undefined;
	longTasksMs: number[];
}

declare const window: { seen: Seen };
declare const document: {
	addEventListener(name: string, listener: (event: FrameEvent) => void): void;
};
interface FrameEvent {
	detail: { drawMs: number; ways: Way[] };
}

/** Call this before the page is loaded. */
export async function installProbe(page: Page): Promise<void> {
	await page.addInitScript(() => {
		window.seen = {
			draws: [],
			ways: [],
			firstFrameMs: undefined,
			firstWayMs: undefined,
			longTasksMs: [],
		};
		document.addEventListener("fireworks:frame", (event) => {
			const { seen } = window;
			const { drawMs, ways } = event.detail;
			seen.draws.push(drawMs);
			seen.ways.push(...ways);
			seen.firstFrameMs ??= performance.now();
			if (ways.length > 0) seen.firstWayMs ??= performance.now();
		});
		new PerformanceObserver((list) => {
			for (const { duration } of list.getEntries())
				window.seen.longTasksMs.push(duration);
		}).observe({ type: "longtask" as never });
	});
}

/** Discards the measurements so far: loading is over. */
export const startOver = (page: Page): Promise<void> =>
	page.evaluate(() => {
		Object.assign(window.seen, { draws: [], ways: [], longTasksMs: [] });
	});

export const seen = (page: Page): Promise<Seen> =>
	page.evaluate(() => window.seen);

/** Returns a function that reads how many seconds of work the main thread has done since now. */
export async function watchTasks(page: Page): Promise<() => Promise<number>> {
	const session = await page.context().newCDPSession(page);
	await session.send("Performance.enable");
	const read = async () => {
		const { metrics } = await session.send("Performance.getMetrics");
		return metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0;
	};
	const before = await read();
	return async () => (await read()) - before;
}

export interface Heap {
	/** JavaScript's objects, MB. */
	objectsMb: number;
	/** Memory of typed arrays, MB. */
	arraysMb: number;
}

/** The memory that remains after a collection. */
export async function heapOf(page: Page): Promise<Heap> {
	const session = await page.context().newCDPSession(page);
	await session.send("HeapProfiler.collectGarbage");
	const usage = await session.send("Runtime.getHeapUsage");
	await session.detach();
	return {
		objectsMb: usage.usedSize / 1e6,
		arraysMb: (usage.backingStorageSize ?? 0) / 1e6,
	};
}
