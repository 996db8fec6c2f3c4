/**
 * The time from a tick's event time to its point on the screen, by stage, on the real system: 20
 * devices shown out of many at 1 Hz.
 *
 * A tick's event time is the wall time at which it is due (the metronome's contract). All parts run
 * on this machine, so all times come from one clock. Committed: a separate read_committed reader
 * has the last of the tick's records of all partitions.
 */
import type { Browser } from "playwright-core";
import { testLog } from "../../tests/harness/stream.ts";
import { System } from "../../tests/harness/system.ts";
import { waitFor } from "../../tests/harness/wait-for.ts";
import { installProbe, seen, startOver, type Way } from "./probe.ts";
import { head, quantile, row } from "./statistics.ts";

const TARGET_P99_MS = 200;
const WARM_UP_MS = 20_000;
const MEASURE_MS = 120_000;
const LONG_TASK_MS = 150;
const FIRST_POINT_MS = 3_000;

export async function measureLatency(
	browser: Browser,
	devices: number,
): Promise<boolean> {
	const system = await System.create({
		FIREWORKS_METRONOME_DEVICES: String(devices),
	});
	try {
		await system.up();
		const committed = await watchCommits(system.brokers);
		const page = await browser.newPage({
			viewport: { width: 1_360, height: 850 },
		});
		await installProbe(page);
		await page.goto(system.page);
		const { firstFrameMs, firstWayMs } = await waitFor(
			"a moving point",
			async () => {
				const now = await seen(page);
				return now.firstWayMs === undefined ? undefined : now;
			},
		);
		const scripts = await page.evaluate(() =>
			performance
				.getEntriesByType("resource")
				.filter((entry) => entry.name.includes(".js"))
				.map((entry) => entry as unknown as Sizes)
				.map(({ encodedBodySize, decodedBodySize }) => ({
					encodedBodySize,
					decodedBodySize,
				})),
		);
		await page.waitForTimeout(WARM_UP_MS);
		await startOver(page);
		await page.waitForTimeout(MEASURE_MS);
		const { ways, longTasksMs } = await seen(page);
		await page.close();
		await committed.close();
		const met = report(devices, ways, committed);
		const longest = Math.max(0, ...longTasksMs);
		const sum = (size: (s: (typeof scripts)[number]) => number) =>
			Math.round(scripts.reduce((total, s) => total + size(s), 0) / 1_000);
		console.log(
			`\nLongest task: ${Math.round(longest)} ms (target: at most ${LONG_TASK_MS}). First-load JavaScript, Plotly's bundle with it: ${sum((s) => s.encodedBodySize)} kB on the wire, ${sum((s) => s.decodedBodySize)} kB unpacked. First frame after ${Math.round(firstFrameMs ?? Number.NaN)} ms, first moving point after ${Math.round(firstWayMs ?? Number.NaN)} ms (target: ${FIRST_POINT_MS}; ticks come once a second).\n`,
		);
		return (
			met &&
			longest <= LONG_TASK_MS &&
			(firstWayMs ?? Number.POSITIVE_INFINITY) <= FIRST_POINT_MS
		);
	} finally {
		await system.remove();
	}
}

interface Sizes {
	encodedBodySize: number;
	decodedBodySize: number;
}

interface Commits {
	/** By event time: when the last record of the tick became readable. */
	ticks: Map<number, number>;
	records: Map<number, number>;
	close(): Promise<void>;
}

async function watchCommits(brokers: readonly string[]): Promise<Commits> {
	const log = testLog(brokers);
	const watch = async (topic: string) => {
		const last = new Map<number, number>();
		const ranges = (await log.offsets(topic)) ?? [];
		const reader = await log.read({
			name: "latency",
			topics: [topic],
			from: (_topic, partition) => ranges[partition]?.high ?? 0,
			onRecords: (_topic, _partition, records) => {
				const now = Date.now();
				// A record's timestamp is its event time.
				for (const { timestamp } of records) last.set(timestamp, now);
			},
		});
		return { last, reader };
	};
	const ticks = await watch("metronome");
	const records = await watch("wiener");
	return {
		ticks: ticks.last,
		records: records.last,
		close: async () => {
			await ticks.reader.close();
			await records.reader.close();
			await log.close();
		},
	};
}

function report(
	devices: number,
	ways: readonly Way[],
	{ ticks, records }: Commits,
): boolean {
	// Of a tick's frames the last painted one counts: by then the whole tick is on the screen.
	const byTick = new Map<number, Way>();
	for (const way of ways) byTick.set(way.eventMs, way);
	const stages = [...byTick.values()].flatMap((way) => {
		const tick = ticks.get(way.eventMs);
		const record = records.get(way.eventMs);
		if (tick === undefined || record === undefined) return [];
		const { eventMs, receivedMs, paintedMs } = way;
		return [{ eventMs, tick, record, receivedMs, paintedMs }];
	});
	console.log(
		`20 shown of ${devices.toLocaleString("en")} devices at 1 Hz, ${stages.length} ticks; ms since event time, and since the stage before.\n`,
	);
	console.log(head("stage", "p50", "p99", "stage p50", "stage p99"));
	const print = (
		name: string,
		at: (s: (typeof stages)[number]) => number,
		before: (s: (typeof stages)[number]) => number,
	) => {
		const since = stages.map((s) => at(s) - s.eventMs);
		const alone = stages.map((s) => at(s) - before(s));
		const cells = [since, alone].flatMap((x) => [
			quantile(x, 0.5),
			quantile(x, 0.99),
		]);
		console.log(row(name, ...cells));
	};
	print(
		"tick committed",
		(s) => s.tick,
		(s) => s.eventMs,
	);
	print(
		"record committed",
		(s) => s.record,
		(s) => s.tick,
	);
	print(
		"received",
		(s) => s.receivedMs,
		(s) => s.record,
	);
	print(
		"painted",
		(s) => s.paintedMs,
		(s) => s.receivedMs,
	);
	const p99 = quantile(
		stages.map((s) => s.paintedMs - s.eventMs),
		0.99,
	);
	console.log(
		`\nTarget: painted at most ${TARGET_P99_MS} ms after the event at p99.`,
	);
	return p99 <= TARGET_P99_MS;
}
