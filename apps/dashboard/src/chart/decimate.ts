/**
 * A path's points within a window, few enough for the pixels they fall on.
 *
 * Of each bucket of time the first, lowest, highest and last points stay (M4: Jugel et al., VLDB 2014): the line drawn is the same to the pixel,
 * and each point left is a real record, so that hovering shows true values. Buckets lie on whole multiples of their width in event time, not on the
 * window's edge: a point's fate does not change while the window moves, so nothing shimmers.
 */
import type { Ring } from "../stream/ring.ts";

/** Columns for Plotly, with NaN where a line must not be drawn, and the seq of each point for hovering. */
export interface Series {
	time: Float64Array;
	value: Float64Array;
	seq: Float64Array;
}

/** The points of the ring from fromMs to toMs, and one on either side, so that lines reach the edges. */
export function decimate(
	ring: Ring,
	fromMs: number,
	toMs: number,
	buckets: number,
): Series {
	const begin = Math.max(ring.begin, ring.firstAtOrAfter(fromMs) - 1);
	const end = Math.min(ring.end, ring.firstAtOrAfter(toMs) + 1);
	if (end - begin <= 4 * buckets) return all(ring, begin, end);
	return columns(ring, m4(ring, begin, end, (toMs - fromMs) / buckets), begin);
}

function all(ring: Ring, begin: number, end: number): Series {
	const hole = ring.hole.indexOf(1, begin + 1);
	if (hole < 0 || hole >= end)
		return {
			time: ring.time.slice(begin, end),
			value: ring.value.slice(begin, end),
			seq: ring.seq.slice(begin, end),
		};
	const places = Uint32Array.from({ length: end - begin }, (_, i) => begin + i);
	return columns(ring, places, begin);
}

/** The places of the points that stay. */
function m4(ring: Ring, begin: number, end: number, bucketMs: number) {
	const { time, value, hole } = ring;
	const kept: number[] = [];
	let first = begin;
	while (first < end) {
		const bucketEnd =
			(Math.floor((time[first] as number) / bucketMs) + 1) * bucketMs;
		let low = first;
		let high = first;
		let next = first + 1;
		// A bucket ends at a hole too, so that the hole stays visible.
		while (next < end && (time[next] as number) < bucketEnd && !hole[next]) {
			if ((value[next] as number) < (value[low] as number)) low = next;
			if ((value[next] as number) > (value[high] as number)) high = next;
			next++;
		}
		const [a, b] = low < high ? [low, high] : [high, low];
		kept.push(first);
		if (a > first) kept.push(a);
		if (b > a) kept.push(b);
		if (next - 1 > b) kept.push(next - 1);
		first = next;
	}
	return kept;
}

function columns(ring: Ring, kept: ArrayLike<number>, begin: number): Series {
	let holes = 0;
	for (let k = 0; k < kept.length; k++)
		if (ring.hole[kept[k] as number] && kept[k] !== begin) holes++;
	const length = kept.length + holes;
	const series: Series = {
		time: new Float64Array(length),
		value: new Float64Array(length),
		seq: new Float64Array(length),
	};
	let to = 0;
	for (let k = 0; k < kept.length; k++) {
		const from = kept[k] as number;
		if (ring.hole[from] && from !== begin) {
			series.time[to] = ring.time[from] as number;
			series.value[to] = Number.NaN;
			series.seq[to++] = Number.NaN;
		}
		series.time[to] = ring.time[from] as number;
		series.value[to] = ring.value[from] as number;
		series.seq[to++] = ring.seq[from] as number;
	}
	return series;
}
