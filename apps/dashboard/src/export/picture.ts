/** The picture as a standalone PNG: every point, the names of the lines, a background. */
import type { Data, Layout } from "plotly.js";
import type { Figure } from "../chart/figure.ts";
import { type Ink, plain } from "../chart/layout.ts";
import { trace } from "../chart/lines.ts";
import type { LoadedPlot } from "../chart/use-plot.ts";
import type { EnsembleFigure } from "../ensemble/figure.ts";

const SIZE = { width: 1_600, height: 900 } as const;
/** More names than this would fill the picture. */
const NAMES_MAX = 30;

export interface Picture {
	data: Partial<Data>[];
	layout: Partial<Layout>;
}

export function picture(
	figure: Figure | EnsembleFigure,
	ink: Ink,
	title: string,
): Picture {
	const lines = "lines" in figure ? figure.lines : undefined;
	const named = lines !== undefined && lines.length <= NAMES_MAX;
	return {
		data:
			lines?.map((line) => ({
				...trace(line, line.series.time, line.series.value),
				name: plain(line.deviceId),
			})) ?? figure.data,
		layout: {
			...figure.layout,
			...("x" in figure && {
				xaxis: { ...figure.layout.xaxis, range: [...figure.x] },
			}),
			...SIZE,
			margin: { ...figure.layout.margin, t: 70, r: named ? 160 : 40 },
			paper_bgcolor: ink.ground,
			plot_bgcolor: ink.ground,
			showlegend: named,
			title: { text: plain(title), font: { size: 16 }, x: 0.02, y: 0.97 },
		},
	};
}

export async function pngOf(
	toImage: LoadedPlot["toImage"],
	{ data, layout }: Picture,
): Promise<Blob> {
	const url = await toImage(
		{ data: data as Data[], layout },
		{
			format: "png",
			...SIZE,
		},
	);
	// Decoded by hand: the page's policy forbids fetching a data: URL.
	const text = atob(url.slice(url.indexOf(",") + 1));
	return new Blob([Uint8Array.from(text, (c) => c.charCodeAt(0))], {
		type: "image/png",
	});
}
