/** Bars: one for each record, those of several keys next to each other. */
import type { Data } from "plotly.js";
import type { Line } from "../../chart/lines.ts";

/** Part of the interval that the bars of all keys fill. */
const FILLED = 0.8;
/** A bar is never narrower than this. */
const BAR_MIN_PX = 1;

/** msPerPx: of the axis. */
export function barsOf(
	lines: readonly Line[],
	intervalMs: number,
	msPerPx: number,
): Partial<Data>[] {
	const room = Number.isFinite(intervalMs) ? intervalMs * FILLED : 0;
	const width = Math.max(
		BAR_MIN_PX * msPerPx,
		room / Math.max(1, lines.length),
	);
	return lines.map(({ series, colour, opacity }, i) => {
		const there = [...series.value.keys()].filter(
			(k) => !Number.isNaN(series.value[k]),
		);
		return {
			type: "bar",
			x: there.map((k) => series.time[k] as number),
			y: there.map((k) => series.value[k] as number),
			width,
			offset: width * (i - lines.length / 2),
			hoverinfo: "skip",
			opacity,
			marker: { color: colour, line: { width: 0 } },
		} as Partial<Data>;
	});
}
