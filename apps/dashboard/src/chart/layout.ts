/** What all our pictures have in common, as Plotly wants it told. */
import type { Layout, LayoutAxis } from "plotly.js";
import type { Ink, Size } from "./figure.ts";

export const MARGIN = { l: 58, r: 24, t: 14, b: 34 } as const;

/** Where Plotly draws the lines, in pixels from the chart's corner. */
export const plotArea = ({ width, height }: Size) => ({
	left: MARGIN.l,
	top: MARGIN.t,
	width: width - MARGIN.l - MARGIN.r,
	height: height - MARGIN.t - MARGIN.b,
});

export const baseAxis = (ink: Ink): Partial<LayoutAxis> => ({
	// Given, or Plotly would look for dates in the data of each frame.
	type: "linear",
	ticklabeloverflow: "allow",
	autorange: false,
	zeroline: false,
	gridcolor: ink.grid,
	tickmode: "array",
	ticks: "",
});

export const baseLayout = (size: Size, ink: Ink): Partial<Layout> => ({
	...size,
	autosize: false,
	margin: { ...MARGIN, pad: 4 },
	paper_bgcolor: "transparent",
	plot_bgcolor: "transparent",
	font: { family: ink.font, size: 12, color: ink.text },
	showlegend: false,
	hovermode: false,
	dragmode: false,
});
