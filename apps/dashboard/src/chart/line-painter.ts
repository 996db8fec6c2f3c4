/**
 * Puts the lines into the picture that Plotly has laid out.
 *
 * Plotly draws the axes, the grid and, of each line, a stand-in of two points (figure.ts); it is asked again only when one of those changes. The lines
 * themselves are written here, into Plotly's own path elements, before the browser paints: 50 lines of 600 points cost Plotly some 60 ms and this
 * some 10. What the plot holds as its data is the truth all the same: whoever asks it (an export, a redraw of its own) gets every point.
 */
import type { Figure } from "./figure.ts";
import { pathText, type Scale } from "./path-text.ts";
import type { Range } from "./ranges.ts";

/** As far as it is used here: Plotly's element carries its traces. */
export interface PlotElement extends HTMLElement {
	data?: { x?: ArrayLike<number>; y?: ArrayLike<number> }[];
}

/** Plotly binds a tick to its elements, as d3 does. */
interface TickElement extends SVGElement {
	__data__?: { x?: number };
}

export function paintLines(
	plot: PlotElement,
	{ lines, x, y, area }: Figure,
): void {
	const across: Scale = { from: x[0], perUnit: area.width / (x[1] - x[0]) };
	const down: Scale = { from: y[1], perUnit: area.height / (y[0] - y[1]) };
	const paths = plot.querySelectorAll(".scatterlayer .js-line");
	const heads = plot.querySelectorAll(".scatterlayer .point");
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

/** Moves the picture to where x is seen: the lines from where they were painted, the ticks from where they were laid out. */
export function slide(
	plot: PlotElement,
	{ x: painted, laidX, area }: Figure,
	x: Range,
): void {
	const perMs = area.width / (x[1] - x[0]);
	const move = (selector: string, fromMs: number) => {
		const px = (fromMs - x[0]) * perMs;
		for (const group of plot.querySelectorAll(selector))
			group.setAttribute("transform", `translate(${px.toFixed(2)},0)`);
	};
	move(".scatterlayer", painted[0]);
	move(".gridlayer > .x, .xaxislayer-above", laidX[0]);
	// Plotly has left out what was outside of its range; a tick that has moved out since then goes too.
	for (const mark of plot.querySelectorAll<TickElement>(".xgrid, .xtick")) {
		const atMs = mark.__data__?.x ?? Number.POSITIVE_INFINITY;
		mark.style.display = atMs < x[0] ? "none" : "";
	}
}
