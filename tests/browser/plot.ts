/** What the page's plot holds, and what the page tells of itself. */
import type { Page } from "playwright-core";

export const attribute = (page: Page, name: string): Promise<string | null> =>
	page.getAttribute("main", `data-${name}`);

export const draws = async (page: Page): Promise<number> =>
	Number(await attribute(page, "draws"));

export interface PlotState {
	/** Event time of the first line's newest point. */
	newestMs: number;
	points: number;
	xRange: [number, number];
	/** The lines that are drawn, by the number of their segments. */
	segments: number[];
}

export const plotState = (page: Page): Promise<PlotState> =>
	page.$eval(".js-plotly-plot", (element) => {
		// biome-ignore lint/suspicious/noExplicitAny: Plotly's element in the browser
		const plot = element as any;
		const paths = [...plot.querySelectorAll(".scatterlayer .js-line")];
		return {
			newestMs: plot.data[0].x.at(-1),
			points: plot.data[0].x.length,
			xRange: plot.layout.xaxis.range,
			segments: paths.map(
				(path) => path.getAttribute("d").split("L").length - 1,
			),
		};
	});
