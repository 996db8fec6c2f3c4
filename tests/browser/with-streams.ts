/**
 * The streams of the tests of the page of all streams, brought to the whole system, and what the
 * tests read from the page.
 */
import { defineStream } from "@fireworks/pipeline";
import type { Log } from "@fireworks/streams";
import { afterAll, beforeAll } from "vitest";
import { z } from "zod";
import { testLog } from "../harness/stream.ts";
import { waitForValue } from "../harness/wait-for.ts";
import { bring, chartOf, type TestRecord } from "./catalog-stream.ts";
import { type OpenPage, withPage } from "./with-page.ts";

export const HTML = "<img src=x onerror=alert(1)>";
export const RTL = "القاهرة";
export const EMOJI = "🌧️ Bergen";
export const LONG = "x".repeat(128);
export const SECOND = 1_000;

const TANKS = defineStream({
	name: "tanks",
	schema: z.object({
		id: z.string(),
		at: z.number(),
		level: z.number().nullable(),
		flow: z.number().nullable(),
	}),
	key: "id",
	time: { path: "at", unit: "ms" },
	measures: {
		level: { unit: "mm", label: "Level <b>now</b>" },
		flow: { unit: "l/s" },
	},
}).description;

/** A stream of one measure. */
export const simple = (name: string) =>
	defineStream({
		name,
		schema: z.object({ id: z.string(), t: z.number(), v: z.number() }),
		key: "id",
		time: { path: "t", unit: "ms" },
		measures: { v: {} },
	}).description;

const DAY = 86_400 * SECOND;
/** The first record of the stream `tanks`: it lies in the past, so its picture never moves. */
export const BEGIN = Math.floor((Date.now() - DAY) / SECOND) * SECOND;
/** A record of the stream `tanks`. */
export const tank = (
	id: string,
	second: number,
	level: number | null,
	flow: number | null = level,
): TestRecord => ({
	key: id,
	value: { id, at: BEGIN + second * SECOND, level, flow },
});

/** In the order in which they are appended: late, with equal times, with nulls, with a silence. */
const A: TestRecord[] = [
	tank("a", 0, 1, 100),
	tank("a", 1, 2, 101),
	tank("a", 3, 4, 103),
	tank("a", 2, 3, 102),
	tank("a", 4, 5, 104),
	tank("a", 4, 6, 105),
	tank("a", 5, null, 106),
	tank("a", 6, 7, 107),
	tank("a", 7, 8, 108),
	tank("a", 30, 9, 109),
	tank("a", 31, 10, 110),
];
const NAN = Number.NaN;
const pairs = (times: number[], values: number[]) =>
	times.map((time, i) => [time, values[i]]);
/** As they are drawn: [second, value]. */
export const LEVEL_OF_A = pairs(
	[0, 1, 2, 3, 4, 4, 6, 6, 7, 30, 30, 31],
	[1, 2, 3, 4, 5, 6, NAN, 7, 8, NAN, 9, 10],
);
export const FLOW_OF_A = pairs(
	[0, 1, 2, 3, 4, 4, 5, 6, 7, 30, 30, 31],
	[100, 101, 102, 103, 104, 105, 106, 107, 108, NAN, 109, 110],
);

export interface StreamsPage
	extends Pick<OpenPage, "page" | "expectComplaint"> {
	readonly log: Log;
	readonly brokers: string[];
	/** Of the page, with a slash at its end. */
	readonly address: string;
	/** Opens the page with this query. */
	visit(search: string): Promise<unknown>;
	/** Waits until the chart of a measure has so many lines, the first one of so many points. */
	lines(
		measure: string,
		wanted: number,
		points?: number,
	): Promise<readonly [number, number][][]>;
}

/**
 * Call it at the top of a file: the stream `tanks` is there before the first test. settings: in
 * addition to the defaults.
 */
export function withStreams(
	settings: Record<string, string> = {},
): StreamsPage {
	const open = withPage(settings);
	let log: Log;
	beforeAll(async () => {
		log = testLog(open.system.brokers);
		await bring(log, TANKS, [
			...A,
			...[HTML, RTL, EMOJI, LONG].flatMap((id, i) => [
				tank(id, 0, 20 + i),
				tank(id, 1, 30 + i),
			]),
			{ key: "a", value: "{not JSON" },
			{ key: "a", value: { id: "a", at: "no time", level: 1, flow: 1 } },
			tank("a", (2 * DAY) / SECOND, 999),
		]);
	});
	afterAll(() => log?.close());
	return {
		get page() {
			return open.page;
		},
		get log() {
			return log;
		},
		get brokers() {
			return open.system.brokers;
		},
		get address() {
			return open.system.page;
		},
		expectComplaint: open.expectComplaint,
		visit: (search) => open.page.goto(`${open.system.page}streams${search}`),
		lines: (measure, wanted, points) =>
			waitForValue(
				`${wanted} lines of ${measure}`,
				() => chartOf(open.page, measure).catch(() => undefined),
				(chart) =>
					chart?.lines.length === wanted &&
					(points === undefined || chart.lines[0]?.length === points),
			).then((chart) => chart?.lines ?? []),
	};
}

/** [seconds since BEGIN, value] */
export const seconds = (points: readonly (readonly number[])[] = []) =>
	points.map(([ms, value]) => [((ms as number) - BEGIN) / SECOND, value]);
