/**
 * Finds the point under the pointer. It searches the drawn lines, because between two layouts
 * Plotly itself knows only the placeholders (line-painter.ts).
 */
import type { Figure } from "./figure.ts";

export interface Hovered {
	device: number;
	timeMs: number;
	value: number;
	seq: number;
}

/** A pointer farther away than this selects no point. */
const REACH_PX = 30;

/** px, py: from the chart's left and top edge. */
export function nearestPoint(
	{ lines, x, y, area }: Pick<Figure, "lines" | "x" | "y" | "area">,
	px: number,
	py: number,
): Hovered | undefined {
	const pxPerMs = area.width / (x[1] - x[0]);
	const pxPerUnit = area.height / (y[1] - y[0]);
	const atMs = x[0] + (px - area.left) / pxPerMs;
	const reachMs = REACH_PX / pxPerMs;
	let best: Hovered | undefined;
	let bestPx = REACH_PX;
	for (const { device, series } of lines) {
		const { time, value, seq } = series;
		for (
			let i = firstAtOrAfter(time, Math.max(x[0], atMs - reachMs));
			i < time.length && (time[i] as number) <= Math.min(x[1], atMs + reachMs);
			i++
		) {
			const dx = ((time[i] as number) - atMs) * pxPerMs;
			const dy = area.top + (y[1] - (value[i] as number)) * pxPerUnit - py;
			const distance = Math.hypot(dx, dy);
			// Also true for a hole, whose distance is NaN.
			if (!(distance < bestPx)) continue;
			bestPx = distance;
			best = {
				device,
				timeMs: time[i] as number,
				value: value[i] as number,
				seq: seq[i] as number,
			};
		}
	}
	return best;
}

/** The first index whose time is at or after `timeMs`; the length if all are earlier. */
export function firstAtOrAfter(time: Float64Array, timeMs: number): number {
	let low = 0;
	let high = time.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((time[middle] as number) < timeMs) low = middle + 1;
		else high = middle;
	}
	return low;
}
