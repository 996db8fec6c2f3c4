/** The Plotly settings that all our pictures share. */
import type { Annotations, Config, Layout, LayoutAxis } from "plotly.js";
import type { Theme } from "./colours.ts";

export interface Size {
	width: number;
	height: number;
}

export interface Ink {
	theme: Theme;
	text: string;
	grid: string;
	font: string;
	ground: string;
	/** The ensemble's colour: measured values and theory. #rrggbb */
	accent: string;
	theory: string;
}

export const CONFIG: Partial<Config> = {
	displayModeBar: false,
	doubleClick: false,
	scrollZoom: false,
	showTips: false,
};

const MARGIN = { l: 58, r: 24, t: 14, b: 34 } as const;
/** Room for a heading above the picture. */
const HEADING_PX = 20;

/** Where Plotly draws the lines, in pixels from the chart's corner. */
export interface Area {
	left: number;
	top: number;
	width: number;
	height: number;
}

/** left: the room for the labels of the values. */
export const marginOf = (headed: boolean, left: number = MARGIN.l) => ({
	...MARGIN,
	l: left,
	t: MARGIN.t + (headed ? HEADING_PX : 0),
});

export function plotArea(
	{ width, height }: Size,
	headed: boolean,
	left?: number,
): Area {
	const { l, r, t, b } = marginOf(headed, left);
	return { left: l, top: t, width: width - l - r, height: height - t - b };
}

export const baseAxis = (ink: Ink): Partial<LayoutAxis> => ({
	// Set explicitly: otherwise Plotly searches the data of each frame for dates.
	type: "linear",
	ticklabeloverflow: "allow",
	autorange: false,
	zeroline: false,
	gridcolor: ink.grid,
	tickmode: "array",
	ticks: "",
});

export const baseLayout = (
	size: Size,
	ink: Ink,
	headed: boolean,
	left?: number,
): Partial<Layout> => ({
	...size,
	autosize: false,
	margin: { ...marginOf(headed, left), pad: 4 },
	paper_bgcolor: "transparent",
	plot_bgcolor: "transparent",
	font: { family: ink.font, size: 12, color: ink.text },
	showlegend: false,
	hovermode: false,
	dragmode: false,
});

/** Escapes external text, which Plotly would read as HTML. */
export const plain = (text: string): string =>
	text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/**
 * A heading above an axis, with what it measures. x, y: the corner of its panel, as fractions of
 * the picture.
 */
export const heading = (
	text: string,
	x: number,
	y: number,
): Partial<Annotations> => ({
	text: plain(text),
	x,
	y,
	xref: "paper",
	yref: "paper",
	xanchor: "left",
	yanchor: "bottom",
	yshift: 6,
	showarrow: false,
	font: { size: 12 },
});
