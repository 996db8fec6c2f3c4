/**
 * Draws the lines into the picture that Plotly has laid out.
 *
 * Plotly draws the axes, the grid and, for each line, a placeholder of two points (lines.ts).
 * Plotly is called again only when one of those changes. The lines themselves are written here,
 * into Plotly's own path elements (plotly-dom.ts), before the browser paints. For 50 lines of 600
 * points Plotly takes some 60 ms and this some 10. The plot's data is still kept complete: an
 * export, or Plotly's own redraw, gets every point.
 */
import type { Figure } from "./figure.ts";
import { pathText, type Scale } from "./path-text.ts";
import {
	headsOf,
	lineLayersOf,
	type PlotElement,
	pathsOf,
	timeLayersOf,
	timeMarksOf,
} from "./plotly-dom.ts";
import type { Range } from "./ranges.ts";

export function paintLines(
	plot: PlotElement,
	{ lines, x, y, area }: Figure,
): void {
	const across: Scale = { from: x[0], perUnit: area.width / (x[1] - x[0]) };
	const down: Scale = { from: y[1], perUnit: area.height / (y[0] - y[1]) };
	const paths = pathsOf(plot);
	const heads = headsOf(plot);
	lines.forEach(({ series: { time, value } }, i) => {
		paths[i]?.setAttribute("d", pathText(time, value, across, down));
		const last = time.length - 1;
		const px = ((time[last] as number) - across.from) * across.perUnit;
		const py = ((value[last] as number) - down.from) * down.perUnit;
		heads[i]?.setAttribute("transform", `translate(${px},${py})`);
		const trace = plot.data?.[i];
		if (trace) {
			trace.x = time;
			trace.y = value;
		}
	});
}

/**
 * Moves the picture to the range x: the lines from where they were painted, the ticks from where
 * they were laid out.
 */
export function slide(
	plot: PlotElement,
	{ x: painted, laidX, area }: Figure,
	x: Range,
): void {
	const perMs = area.width / (x[1] - x[0]);
	const move = (groups: Iterable<Element>, fromMs: number) => {
		const px = (fromMs - x[0]) * perMs;
		for (const group of groups)
			group.setAttribute("transform", `translate(${px.toFixed(2)},0)`);
	};
	move(lineLayersOf(plot), painted[0]);
	move(timeLayersOf(plot), laidX[0]);
	// Plotly omits what is outside of its range. Also hide the ticks that have moved out since
	// then.
	for (const { mark, atMs = Number.POSITIVE_INFINITY } of timeMarksOf(plot))
		mark.style.display = atMs < x[0] ? "none" : "";
}
