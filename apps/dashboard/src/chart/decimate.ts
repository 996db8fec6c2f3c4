/**
 * Reduces a path's points within a window to as many as its pixels can show.
 *
 * Time is cut into buckets. The first, lowest, highest and last point of each bucket stay (M4:
 * Jugel et al., VLDB 2014). The line drawn is the same to the pixel, and each point left is a real
 * record, so hovering shows true values. Buckets start at whole multiples of their width in event
 * time, not at the window's edge. So the choice of points does not change while the window moves,
 * and nothing flickers.
 */

/** The points of a line in the order of their times, from the index begin up to end. */
export interface Points {
	readonly begin: number;
	readonly end: number;
	readonly time: Float64Array;
	readonly value: Float64Array;
	readonly seq: Float64Array;
	/** 1: no line is drawn from the point before. */
	readonly hole: Uint8Array;
	/** The first index whose time is at or after `timeMs`; `end` if all are earlier. */
	firstAtOrAfter(timeMs: number): number;
}

/**
 * Columns for Plotly, with NaN where no line must be drawn, and the seq of each point for hovering.
 */
export interface Series {
	time: Float64Array;
	value: Float64Array;
	seq: Float64Array;
}

/**
 * The points from fromMs to toMs, plus one on either side, so that the lines reach the edges.
 */
export function decimate(
	points: Points,
	fromMs: number,
	toMs: number,
	buckets: number,
): Series {
	const begin = Math.max(points.begin, points.firstAtOrAfter(fromMs) - 1);
	const end = Math.min(points.end, points.firstAtOrAfter(toMs) + 1);
	if (end - begin <= 4 * buckets) return all(points, begin, end);
	return columns(
		points,
		m4(points, begin, end, (toMs - fromMs) / buckets),
		begin,
	);
}

function all(points: Points, begin: number, end: number): Series {
	const hole = points.hole.indexOf(1, begin + 1);
	if (hole < 0 || hole >= end)
		return {
			time: points.time.slice(begin, end),
			value: points.value.slice(begin, end),
			seq: points.seq.slice(begin, end),
		};
	const places = Uint32Array.from({ length: end - begin }, (_, i) => begin + i);
	return columns(points, places, begin);
}

/** The indices of the points that stay. */
function m4(points: Points, begin: number, end: number, bucketMs: number) {
	const { time, value, hole } = points;
	const kept: number[] = [];
	let first = begin;
	while (first < end) {
		const bucketEnd =
			(Math.floor((time[first] as number) / bucketMs) + 1) * bucketMs;
		let low = first;
		let high = first;
		let next = first + 1;
		// A bucket also ends at a hole, so that the hole stays visible.
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

function columns(
	points: Points,
	kept: ArrayLike<number>,
	begin: number,
): Series {
	let holes = 0;
	for (let k = 0; k < kept.length; k++)
		if (points.hole[kept[k] as number] && kept[k] !== begin) holes++;
	const length = kept.length + holes;
	const series: Series = {
		time: new Float64Array(length),
		value: new Float64Array(length),
		seq: new Float64Array(length),
	};
	let to = 0;
	for (let k = 0; k < kept.length; k++) {
		const from = kept[k] as number;
		if (points.hole[from] && from !== begin) {
			series.time[to] = points.time[from] as number;
			series.value[to] = Number.NaN;
			series.seq[to++] = Number.NaN;
		}
		series.time[to] = points.time[from] as number;
		series.value[to] = points.value[from] as number;
		series.seq[to++] = points.seq[from] as number;
	}
	return series;
}
