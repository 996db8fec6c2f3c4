/**
 * The history of the lake and the live points become one line: for every way to split the events
 * between the table, the gap after it and the live queue, none is missing and none appears twice.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeyPoints } from "../src/any-stream/data/key-points.ts";
import { trackOf } from "../src/any-stream/data/track.ts";
import {
	type KeyHistory,
	type LivePoints,
	mergePoints,
} from "../src/any-stream/history/merge.ts";
import type { HistorySeries } from "../src/lake/lake-api.ts";

interface Event {
	partition: number;
	offset: number;
	time: number;
	/** Unique, so that a drawn value says which event it is. */
	value: number;
}

const PARTITIONS = 3;
const TIME_MAX = 60;

/** Any log: late events, equal times, several partitions. */
const log = fc
	.array(
		fc.record({
			partition: fc.nat(PARTITIONS - 1),
			time: fc.nat(TIME_MAX - 1),
			skip: fc.nat(2),
		}),
		{ maxLength: 60 },
	)
	.map((events) => {
		const next = new Array<number>(PARTITIONS).fill(0);
		return events.map(({ partition, time, skip }, value): Event => {
			const offset = (next[partition] as number) + skip;
			next[partition] = offset + 1;
			return { partition, offset, time, value };
		});
	});
const positions = fc.array(fc.nat(80), {
	minLength: PARTITIONS,
	maxLength: PARTITIONS,
});
const range = fc
	.tuple(fc.nat(TIME_MAX), fc.nat(TIME_MAX))
	.map(([a, b]) => [Math.min(a, b), Math.max(a, b) + 1] as const);

const byTime = (events: readonly Event[]) =>
	events.toSorted((a, b) => a.time - b.time);
const column = (events: readonly Event[], name: keyof Event) =>
	Float64Array.from(events, (event) => event[name]);
const livePoints = (events: readonly Event[]): LivePoints => ({
	time: column(byTime(events), "time"),
	value: column(byTime(events), "value"),
	partition: column(byTime(events), "partition"),
	offset: column(byTime(events), "offset"),
});

const common = { key: "k", measure: "v" };
const raw = (events: readonly Event[]): HistorySeries => ({
	...common,
	raw: true,
	time: byTime(events).map(({ time }) => time),
	value: byTime(events).map(({ value }) => value),
	partition: byTime(events).map(({ partition }) => partition),
	offset: byTime(events).map(({ offset }) => offset),
});
function buckets(events: readonly Event[], bucketMs: number): HistorySeries {
	const groups = Object.entries(
		Object.groupBy(byTime(events), ({ time }) => Math.floor(time / bucketMs)),
	)
		.map(([bucket, group = []]) => ({
			start: Number(bucket) * bucketMs,
			values: group.map(({ value }) => value),
		}))
		.sort((a, b) => a.start - b.start);
	return {
		...common,
		time: groups.map(({ start }) => start),
		first: groups.map(({ values }) => values[0] as number),
		last: groups.map(({ values }) => values.at(-1) as number),
		min: groups.map(({ values }) => Math.min(...values)),
		max: groups.map(({ values }) => Math.max(...values)),
		count: groups.map(({ values }) => values.length),
	};
}

const split = fc.record({
	log,
	/** Where the table ends, and where the live queue begins: before, at or after it. */
	table: positions,
	queue: positions,
	range,
	bucketMs: fc.integer({ min: 1, max: 20 }),
});

const before = (event: Event, ends: readonly number[]) =>
	event.offset < (ends[event.partition] as number);
const within = ({ time }: Event, [from, to]: readonly [number, number]) =>
	time >= from && time < to;

describe("history and live points", () => {
	it("raw: every event of either is there once, in the order of its time", () => {
		fc.assert(
			fc.property(split, ({ log, table, queue, range }) => {
				const stored = log.filter((e) => before(e, table) && within(e, range));
				const live = log.filter((e) => !before(e, queue));
				const { time, value } = mergePoints(livePoints(live), {
					fromMs: range[0],
					toMs: range[1],
					positions: Object.fromEntries(table.entries()),
					bucketMs: 1,
					series: raw(stored),
				});
				const wanted = new Set([...stored, ...live]);
				expect([...value].sort((a, b) => a - b)).toEqual(
					[...wanted].map(({ value }) => value).sort((a, b) => a - b),
				);
				expect([...time]).toEqual([...time].sort((a, b) => a - b));
				expect([...value].map((v) => log[v]?.time)).toEqual([...time]);
			}),
		);
	});

	it("in buckets: every event is in its bucket or is a live point, never both", () => {
		fc.assert(
			fc.property(split, ({ log, table, queue, range, bucketMs }) => {
				const stored = log.filter((e) => before(e, table) && within(e, range));
				const live = log.filter((e) => !before(e, queue));
				const series = buckets(stored, bucketMs);
				if (series.raw) throw new Error("they are buckets");
				const merged = mergePoints(livePoints(live), {
					fromMs: range[0],
					toMs: range[1],
					positions: Object.fromEntries(table.entries()),
					bucketMs,
					series,
				});
				const alone = [...merged.value].filter((_, i) => !merged.bucket[i]);
				const wanted = live.filter((event) => !stored.includes(event));
				expect(alone.sort((a, b) => a - b)).toEqual(
					wanted.map(({ value }) => value),
				);
				const counted = series.count.reduce((sum, n) => sum + n, 0);
				const all = new Set([...stored, ...live]);
				expect(counted + alone.length).toBe(all.size);
				// The peaks are drawn, and nothing that was not measured.
				const drawn = [...merged.value].filter((_, i) => merged.bucket[i]);
				const values = stored.map(({ value }) => value);
				expect(drawn.every((v) => values.includes(v))).toBe(true);
				for (const i of series.time.keys()) {
					expect(drawn).toContain(series.min[i]);
					expect(drawn).toContain(series.max[i]);
				}
				expect([...merged.time]).toEqual(
					[...merged.time].sort((a, b) => a - b),
				);
			}),
		);
	});

	it("a table of a topic that was made again hides no live point", () => {
		const live = [{ partition: 0, offset: 3, time: 5, value: 1 }];
		const { value } = mergePoints(livePoints(live), {
			fromMs: 0,
			toMs: 10,
			positions: { 0: 1_000 },
			bucketMs: 1,
			series: raw([{ partition: 0, offset: 999, time: 4, value: 0 }]),
		});
		expect([...value]).toEqual([0, 1]);
	});
});

describe("a line of both", () => {
	const history = (series: HistorySeries, bucketMs: number): KeyHistory => ({
		...{ fromMs: 0, toMs: 1_000, positions: { 0: 100 } },
		...{ bucketMs, series },
	});
	const second = (n: number): Event => ({
		...{ partition: 0, offset: n, time: n, value: n },
	});
	const live = (from: number, to: number) => {
		const points = new KeyPoints();
		for (let n = from; n < to; n++)
			points.set(points.add(n, 0, n), "v", n === 105 ? Number.NaN : n);
		return points;
	};
	const holes = ({ time, hole }: ReturnType<typeof trackOf>) =>
		[...time].filter((_, i) => hole[i]);

	it("has no break where the table ends, and one where a record has no value", () => {
		const events = Array.from({ length: 100 }, (_, n) => second(n));
		const joined = trackOf(live(90, 110), "v", history(raw(events), 1));
		expect(joined.end).toBe(109);
		expect(holes(joined)).toEqual([106]);
		const bucketed = trackOf(
			live(90, 110),
			"v",
			history(buckets(events, 10), 10),
		);
		expect(holes(bucketed)).toEqual([106]);
		expect([...bucketed.time].filter((t) => t >= 100)).toEqual([
			100, 101, 102, 103, 104, 106, 107, 108, 109,
		]);
	});

	it("breaks at an empty bucket, as at a silence", () => {
		const events = Array.from({ length: 100 }, (_, n) => second(n)).filter(
			({ time }) => time < 40 || time >= 60,
		);
		const broken = trackOf(undefined, "v", history(buckets(events, 10), 10));
		expect(holes(broken)).toEqual([61.25]);
	});
});
