/**
 * One measure of one key as a line: its values in the order of their times, with a gap where none
 * was measured.
 *
 * There is a gap where a record has no value for the measure, and where the key was silent for
 * longer than SILENCE_INTERVALS times its usual interval.
 */
import { firstAtOrAfter } from "../../chart/nearest.ts";
import {
	bucketSilenceMs,
	type KeyHistory,
	type MergedPoints,
	mergePoints,
} from "../history/merge.ts";
import type { KeyPoints } from "./key-points.ts";

/** A silence of more than this many usual intervals breaks the line. */
const SILENCE_INTERVALS = 3;
/** The usual interval is the median of at most this many of the newest intervals. */
const INTERVALS_MAX = 500;

/** What decimate() reads; the same names as the Ring of the built-in example's page. */
export class Track {
	readonly begin = 0;
	readonly end: number;
	readonly time: Float64Array;
	readonly value: Float64Array;
	/** 1: no line is drawn from the point before. */
	readonly hole: Uint8Array;
	/** 1: the point stands for a bucket of the history, and is no record. */
	readonly bucket: Uint8Array;
	/** The number of the point among those of the track. */
	readonly seq: Float64Array;

	constructor(
		time: Float64Array,
		value: Float64Array,
		hole: Uint8Array,
		bucket: Uint8Array,
	) {
		this.time = time;
		this.value = value;
		this.hole = hole;
		this.bucket = bucket;
		this.end = time.length;
		this.seq = Float64Array.from(time, (_, i) => i);
	}

	firstAtOrAfter(timeMs: number): number {
		return firstAtOrAfter(this.time, timeMs);
	}
}

/**
 * points: undefined for a key that only the history has. history: what the lake has of the measure.
 */
export function trackOf(
	points: KeyPoints | undefined,
	measure: string,
	history?: KeyHistory,
): Track {
	const live = {
		time: points?.times() ?? NONE,
		value: points?.values(measure) ?? NONE,
	};
	if (history === undefined) {
		const silenceMs = SILENCE_INTERVALS * usualIntervalMs(live.time);
		return brokenAt(live, () => silenceMs);
	}
	const { partition, offset } = points?.places() ?? {
		partition: NONE,
		offset: NONE,
	};
	const merged = mergePoints({ ...live, partition, offset }, history);
	const { series, bucketMs } = history;
	if (series.raw) {
		const silenceMs = SILENCE_INTERVALS * usualIntervalMs(merged.time);
		return brokenAt(merged, () => silenceMs);
	}
	const liveMs = SILENCE_INTERVALS * usualIntervalMs(live.time);
	const bucketsMs = bucketSilenceMs(series, bucketMs, SILENCE_INTERVALS);
	return brokenAt(merged, (i) =>
		merged.bucket[i] || merged.bucket[i - 1] ? bucketsMs : liveMs,
	);
}

const NONE = new Float64Array();

type Points = Pick<MergedPoints, "time" | "value"> &
	Partial<Pick<MergedPoints, "bucket">>;

/** silenceMs: the longest time from point i - 1 to point i that a line crosses. */
function brokenAt(
	{ time: times, value: values, bucket: buckets }: Points,
	silenceMs: (i: number) => number,
): Track {
	const time = new Float64Array(times.length);
	const value = new Float64Array(times.length);
	const hole = new Uint8Array(times.length);
	const bucket = new Uint8Array(times.length);
	let length = 0;
	let broken = false;
	for (let i = 0; i < times.length; i++) {
		const at = times[i] as number;
		if (i > 0 && at - (times[i - 1] as number) > silenceMs(i)) broken = true;
		if (Number.isNaN(values[i])) {
			broken = true;
			continue;
		}
		time[length] = at;
		value[length] = values[i] as number;
		bucket[length] = buckets?.[i] ?? 0;
		hole[length++] = broken ? 1 : 0;
		broken = false;
	}
	return new Track(
		time.subarray(0, length),
		value.subarray(0, length),
		hole.subarray(0, length),
		bucket.subarray(0, length),
	);
}

/**
 * The median of the newest intervals; infinite with fewer than two of them. Equal times count as
 * one.
 */
export function usualIntervalMs(times: Float64Array): number {
	const intervals: number[] = [];
	for (let i = times.length - 1; i > 0; i--) {
		const ms = (times[i] as number) - (times[i - 1] as number);
		if (ms > 0) intervals.push(ms);
		if (intervals.length === INTERVALS_MAX) break;
	}
	if (intervals.length < 2) return Number.POSITIVE_INFINITY;
	intervals.sort((a, b) => a - b);
	return intervals[Math.floor((intervals.length - 1) / 2)] as number;
}
