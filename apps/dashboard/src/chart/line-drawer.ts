/**
 * Draws the figures of one chart, in one of two ways.
 *
 * - painted: Plotly lays out placeholders, and the painter writes the lines into them. Between two
 *   figures the picture slides with time.
 * - by Plotly: Plotly draws the lines too. This is slower, and the picture moves only with each
 *   figure. It is used from the moment on at which a layout lacks the elements that the painter
 *   needs, as after an update of Plotly. A warning in the console says so, once for each page.
 */
import type { Series } from "./decimate.ts";
import type { Figure } from "./figure.ts";
import { paintLines, slide } from "./line-painter.ts";
import { heads, trace } from "./lines.ts";
import { type PlotElement, whyNotPaintable } from "./plotly-dom.ts";
import type { Range } from "./ranges.ts";

type LayOut = (figure: Figure) => Promise<PlotElement>;

let warned = false;

export class LineDrawer {
	#element: PlotElement | undefined;
	#byPlotly = false;

	/** Plotly's element; undefined before the first figure. */
	get element(): PlotElement | undefined {
		return this.#element;
	}

	/** Draws the figure. Returns it as it was drawn. */
	async draw(
		figure: Figure,
		previous: Figure | undefined,
		layOut: LayOut,
	): Promise<Figure> {
		if (this.#byPlotly) return this.#drawByPlotly(figure, layOut);
		if (!this.#element || figure.key !== previous?.key) {
			this.#element = await layOut(figure);
			const why = whyNotPaintable(this.#element, figure);
			if (why !== undefined) {
				this.#byPlotly = true;
				warnOnce(why);
				// Takes back what an earlier figure moved: Plotly knows nothing of it.
				slide(this.#element, { ...figure, x: figure.laidX }, figure.laidX);
				return this.#drawByPlotly(figure, layOut);
			}
		}
		paintLines(this.#element, figure);
		slide(this.#element, figure, figure.x);
		return figure;
	}

	/** Moves the picture to the range x. False if it moves only with the next figure. */
	slide(figure: Figure, x: Range): boolean {
		if (!this.#element || this.#byPlotly) return false;
		slide(this.#element, figure, x);
		return true;
	}

	async #drawByPlotly(figure: Figure, layOut: LayOut): Promise<Figure> {
		const drawn = drawnByPlotly(figure);
		this.#element = await layOut(drawn);
		return drawn;
	}
}

/** The same figure with all points of the lines, for Plotly to draw at the figure's range. */
function drawnByPlotly(figure: Figure): Figure {
	const { lines, x, layout } = figure;
	const newest = (of: (series: Series) => ArrayLike<number>) =>
		lines.map(({ series }) => of(series)[series.time.length - 1] as number);
	return {
		...figure,
		laidX: x,
		data: [
			...lines.map((line) => trace(line, line.series.time, line.series.value)),
			heads(
				lines,
				newest(({ time }) => time),
				newest(({ value }) => value),
			),
		],
		layout: { ...layout, xaxis: { ...layout.xaxis, range: [...x] } },
	};
}

function warnOnce(why: string): void {
	if (warned) return;
	warned = true;
	console.warn(
		`Plotly's elements are not as expected (${why}): it draws the lines itself, which is slower. See src/chart/plotly-dom.ts.`,
	);
}
