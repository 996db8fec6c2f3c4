/**
 * Joins the points of one key from two sources into one line: the table's (the lake's history) and
 * those that the middleware pushes. Both can have the same event, and neither need have all.
 *
 * The table stands for exactly the events before its position of each partition. So:
 *
 * - within the range that was asked for, an event before the position is taken from the table only;
 * - an event at or after the position cannot be in the table: it is taken from the live points;
 * - outside the range only the live points are known.
 *
 * That decides for each event alone, by its partition and offset, and never by its time. So late
 * events, equal times and clocks that are wrong cannot make one appear twice or not at all. (An
 * event after the table's position that has left the middleware's queue is in neither source: the
 * next commit brings it.)
 *
 * Where the history is raw, it names its events, and exactly those are left out of the live points.
 * So a table of a topic that was made again, whose positions mean other records, hides nothing.
 */
import type {
	BucketSeries,
	HistorySeries,
	Positions,
} from "../../lake/lake-api.ts";

/** The live points of a key, in the order of their times. Columns of one length. */
export interface LivePoints {
	readonly time: Float64Array;
	/** NaN: the record has no value. */
	readonly value: Float64Array;
	/** Which record of the topic it is; offset NaN: unknown. */
	readonly partition: Float64Array;
	readonly offset: Float64Array;
}

/** The history of a key's measure, of the events with fromMs <= time < toMs. */
export interface KeyHistory {
	readonly fromMs: number;
	readonly toMs: number;
	readonly positions: Positions;
	readonly bucketMs: number;
	readonly series: HistorySeries;
}

export interface MergedPoints {
	/** In order. */
	readonly time: Float64Array;
	readonly value: Float64Array;
	/** 1: stands for a bucket, and is no event of its own. */
	readonly bucket: Uint8Array;
}

/** Where in its bucket a value is drawn. The order of the lowest and the highest is unknown. */
const PLACES = [1 / 8, 3 / 8, 5 / 8, 7 / 8] as const;
const ONLY = 1 / 2;

export function mergePoints(
	live: LivePoints,
	history: KeyHistory,
): MergedPoints {
	const { series } = history;
	const table = series.raw
		? {
				time: Float64Array.from(series.time),
				value: Float64Array.from(series.value, (v) => v ?? Number.NaN),
			}
		: pointsOf(series, history.bucketMs);
	const kept = liveBeyond(live, history);
	const length = table.time.length + kept.length;
	const merged = {
		time: new Float64Array(length),
		value: new Float64Array(length),
		bucket: new Uint8Array(length),
	};
	const isBucket = series.raw ? 0 : 1;
	let next = 0;
	let at = 0;
	for (let to = 0; to < length; to++) {
		const event = kept[at];
		const takeTable =
			next < table.time.length &&
			(event === undefined ||
				(table.time[next] as number) <= (live.time[event] as number));
		if (takeTable) {
			merged.time[to] = table.time[next] as number;
			merged.value[to] = table.value[next++] as number;
			merged.bucket[to] = isBucket;
		} else {
			merged.time[to] = live.time[event as number] as number;
			merged.value[to] = live.value[event as number] as number;
			at++;
		}
	}
	return merged;
}

/** The indexes of the live points that the history does not have. */
function liveBeyond(live: LivePoints, history: KeyHistory): number[] {
	const { fromMs, toMs, positions, series } = history;
	const named = new Set<string>();
	if (series.raw)
		series.offset.forEach((offset, i) => {
			named.add(`${series.partition[i]} ${offset}`);
		});
	const kept: number[] = [];
	for (let i = 0; i < live.time.length; i++) {
		const time = live.time[i] as number;
		const partition = live.partition[i] as number;
		const offset = live.offset[i] as number;
		const inTable = series.raw
			? named.has(`${partition} ${offset}`)
			: time >= fromMs &&
				time < toMs &&
				offset < (positions[partition] ?? Number.NEGATIVE_INFINITY);
		if (!inTable) kept.push(i);
	}
	return kept;
}

/** A bucket as points: its first, lowest, highest and last value, so that no peak is lost. */
function pointsOf(
	{ time, first, last, min, max, count }: BucketSeries,
	bucketMs: number,
): { time: Float64Array; value: Float64Array } {
	const times: number[] = [];
	const values: number[] = [];
	time.forEach((start, i) => {
		const all = [first[i], min[i], max[i], last[i]] as number[];
		if (count[i] === 0) return;
		const places = count[i] === 1 ? [ONLY] : PLACES;
		places.forEach((place, k) => {
			times.push(start + place * bucketMs);
			values.push(all[k] as number);
		});
	});
	return { time: Float64Array.from(times), value: Float64Array.from(values) };
}

/** A silence longer than this breaks the line: 1.2 buckets span an empty one. */
const EMPTY_BUCKET = 1.2;

/**
 * The longest time between two drawn points that a line crosses, from the usual number of events in
 * a bucket.
 */
export function bucketSilenceMs(
	{ count }: Pick<BucketSeries, "count">,
	bucketMs: number,
	silenceIntervals: number,
): number {
	const counts = count.filter((n) => n > 0).sort((a, b) => a - b);
	const median = counts[Math.floor(counts.length / 2)] ?? 1;
	return Math.max(
		(silenceIntervals * bucketMs) / Math.max(1, median),
		EMPTY_BUCKET * bucketMs,
	);
}
