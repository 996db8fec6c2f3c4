/** The visible charts as one PNG: below each other, with the names of the keys and a background. */
import type { Data } from "plotly.js";
import { type Ink, plain } from "../../chart/layout.ts";
import { trace } from "../../chart/lines.ts";
import type { LoadedPlot } from "../../chart/use-plot.ts";
import type { Picture } from "../../export/picture.ts";
import type { StreamFigure } from "../chart/stream-figure.ts";

const WIDTH = 1_600;
const HEIGHT = 900;
/** More charts make a higher picture: each has at least this. */
const CHART_MIN_PX = 300;
/** More names than this would fill the picture. */
const NAMES_MAX = 30;

const chartHeight = (charts: number): number =>
	Math.max(CHART_MIN_PX, Math.floor(HEIGHT / charts));

function streamPicture(
	figure: StreamFigure,
	ink: Ink,
	height: number,
): Picture {
	const { lines, x, layout } = figure;
	const named = lines.length > 0 && lines.length <= NAMES_MAX;
	return {
		data:
			lines.length > 0
				? lines.map((line) => ({
						...trace(line, line.series.time, line.series.value),
						name: plain(line.deviceId),
					}))
				: figure.data,
		layout: {
			...layout,
			xaxis: { ...layout.xaxis, range: [...x] },
			...{ width: WIDTH, height },
			// Charts without names have the same times at the same places.
			margin: { ...layout.margin, t: 40, r: 180 },
			paper_bgcolor: ink.ground,
			plot_bgcolor: ink.ground,
			showlegend: named,
		},
	};
}

/** Draws the charts below each other. In the browser. */
export async function streamPng(
	toImage: LoadedPlot["toImage"],
	figures: readonly StreamFigure[],
	ink: Ink,
): Promise<Blob> {
	const height = chartHeight(figures.length);
	const canvas = document.createElement("canvas");
	canvas.width = WIDTH;
	canvas.height = height * figures.length;
	const context = canvas.getContext("2d");
	if (context === null) throw new Error("the browser has no canvas");
	for (const [i, figure] of figures.entries()) {
		const { data, layout } = streamPicture(figure, ink, height);
		const url = await toImage(
			{ data: data as Data[], layout },
			{ format: "png", width: WIDTH, height },
		);
		const image = new Image();
		image.src = url;
		await image.decode();
		context.drawImage(image, 0, i * height, WIDTH, height);
	}
	return new Promise((resolve, reject) =>
		canvas.toBlob(
			(blob) =>
				blob ? resolve(blob) : reject(new Error("the picture is empty")),
			"image/png",
		),
	);
}
