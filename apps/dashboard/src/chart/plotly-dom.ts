/**
 * Plotly's own elements in the page: the only file that knows their class names.
 *
 * They are no interface of Plotly, so another version may rename them. whyNotPaintable() checks
 * after each layout that everything is found. If it is not, the chart lets Plotly draw the lines.
 */
import type { Layout } from "plotly.js";
import type { Figure } from "./figure.ts";

/** Plotly's element with the parts used here: it carries its traces and its layout. */
export interface PlotElement extends HTMLElement {
	layout?: Partial<Layout>;
	data?: { x?: ArrayLike<number>; y?: ArrayLike<number> }[];
}

/** Plotly binds each tick to its elements, as d3 does. */
interface TickElement extends SVGElement {
	__data__?: { x?: number };
}

const LINES_LAYER = ".scatterlayer";
const LINE = ".scatterlayer .js-line";
const HEAD = ".scatterlayer .point";
const TIME_LAYERS = ".gridlayer > .x, .xaxislayer-above";
const TIME_GRID_LINE = ".gridlayer > .x .xgrid";
const TIME_TICK = ".xaxislayer-above .xtick";

/** A tick this close to an edge, as a fraction of the width, may be left out by Plotly. */
const EDGE = 0.02;

/** The path of each line, in the order of the traces. */
export const pathsOf = (plot: PlotElement): ArrayLike<Element> =>
	plot.querySelectorAll(LINE);

/** The dot of each line's newest point. */
export const headsOf = (plot: PlotElement): ArrayLike<Element> =>
	plot.querySelectorAll(HEAD);

/** The groups with all lines. */
export const lineLayersOf = (plot: PlotElement): Iterable<Element> =>
	plot.querySelectorAll(LINES_LAYER);

/** The groups with everything that moves with time, except the lines. */
export const timeLayersOf = (plot: PlotElement): Iterable<Element> =>
	plot.querySelectorAll(TIME_LAYERS);

/** Grid lines and labels of the time axis, each with its time. */
export function* timeMarksOf(
	plot: PlotElement,
): Iterable<{ mark: SVGElement; atMs: number | undefined }> {
	const found = `${TIME_GRID_LINE}, ${TIME_TICK}`;
	for (const mark of plot.querySelectorAll<TickElement>(found))
		yield { mark, atMs: mark.__data__?.x };
}

/**
 * Why the painter cannot draw into the picture that Plotly has laid out; undefined if it can.
 */
export function whyNotPaintable(
	plot: PlotElement,
	{ lines, laidX, layout, area }: Figure,
): string | undefined {
	// Plotly leaves its layers empty if there is no room for them.
	if (area.width < 1 || area.height < 1) return undefined;
	const paths = pathsOf(plot).length;
	if (paths !== lines.length) return `${paths} paths for ${lines.length} lines`;
	const heads = headsOf(plot).length;
	if (heads !== lines.length) return `${heads} dots for ${lines.length} lines`;
	const edgeMs = (laidX[1] - laidX[0]) * EDGE;
	const ticks = (layout.xaxis?.tickvals ?? []) as number[];
	if (!ticks.some((at) => at > laidX[0] + edgeMs && at < laidX[1] - edgeMs))
		return undefined;
	for (const kind of [TIME_GRID_LINE, TIME_TICK]) {
		const marks = [...plot.querySelectorAll<TickElement>(kind)];
		if (marks.length === 0) return `no element ${kind}`;
		if (marks.some((mark) => typeof mark.__data__?.x !== "number"))
			return `no time at ${kind}`;
	}
	return undefined;
}
