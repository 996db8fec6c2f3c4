/** Reads the content of the page's plot, and what the page reports about itself. */
import type { Page } from "playwright-core";
import { waitForValue } from "../harness/wait-for.ts";

export const attribute = (page: Page, name: string): Promise<string | null> =>
	page.getAttribute("main", `data-${name}`);

export const draws = async (page: Page): Promise<number> =>
	Number(await attribute(page, "draws"));

export interface PlotState {
	/** Event time of the first line's newest point. */
	newestMs: number;
	points: number;
	xRange: [number, number];
	/** The drawn lines, by the number of their segments. */
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

/** Ticks come once a second, so the picture of a live stream is never much older than that. */
const LIVE_MAX_AGE_MS = 3_000;

/** Waits until the page is connected and its picture is current. */
export const live = (page: Page): Promise<unknown> =>
	waitForValue(
		"the page to be live",
		() =>
			page.$eval("main", (main) => {
				// biome-ignore lint/suspicious/noExplicitAny: Plotly's element in the browser
				const plot = main.querySelector(".js-plotly-plot") as any;
				return {
					connection: main.getAttribute("data-connection"),
					draws: Number(main.getAttribute("data-draws")),
					events: main.getAttribute("data-events"),
					newestAgeMs: Date.now() - plot?.data?.[0]?.x.at(-1),
				};
			}),
		({ connection, draws, newestAgeMs }) =>
			connection === "open" && draws > 0 && newestAgeMs < LIVE_MAX_AGE_MS,
	);
