/** The ensemble's picture: the bands against the envelope, and the newest increments against the normal curve. No DOM, no React. */
import type { Data, Layout } from "plotly.js";
import type { Ink, Size } from "../chart/figure.ts";
import { baseAxis, baseLayout, MARGIN } from "../chart/layout.ts";
import { niceStep, type Range } from "../chart/ranges.ts";
import { timeTicks, valueTicks } from "../chart/ticks.ts";
import type { Increments } from "../stream/increments.ts";
import type { Band } from "./bands.ts";
import type { Unit } from "./ensemble.ts";
import { density } from "./normal.ts";

const LIMIT = 4;
const BINS = 40;
/** The curve's and the envelope's points. */
const CURVE_POINTS = 80;
/** Below this width the histogram stands below the bands. */
const NARROW_PX = 620;

export interface EnsembleScene {
	bands: readonly Band[];
	anchorMs: number;
	windowMs: number;
	/** The window's right edge. */
	x: Range;
	unit: Unit;
	increments: Increments;
	size: Size;
	ink: Ink;
}

export interface EnsembleFigure {
	data: Partial<Data>[];
	layout: Partial<Layout>;
}

export const ensembleFigure = (scene: EnsembleScene): EnsembleFigure => ({
	data: [...bandTraces(scene), ...histogramTraces(scene)],
	layout: layoutOf(scene),
});

function bandTraces({
	bands,
	anchorMs,
	x,
	unit,
	ink,
}: EnsembleScene): Partial<Data>[] {
	const at = (sinceS: number, z: number) =>
		unit.drift * sinceS + unit.volatility * Math.sqrt(sinceS) * z;
	const known = bands.filter(({ z }) => z);
	const times = [anchorMs, ...known.map(({ atMs }) => atMs)];
	const quantile = (k: number) => [
		0,
		...known.map(({ sinceS, z }) => at(sinceS, z?.[k] ?? 0)),
	];
	const side = (k: number, fill?: string): Partial<Data> => ({
		type: "scatter",
		mode: "lines",
		x: times,
		y: quantile(k),
		hoverinfo: "skip",
		line: { width: 0, color: ink.accent },
		...(fill ? { fill: "tonexty", fillcolor: fill } : {}),
	});
	const spanS = (x[1] - anchorMs) / 1_000;
	// Denser where the root bends.
	const since = Array.from(
		{ length: CURVE_POINTS + 1 },
		(_, i) => spanS * (i / CURVE_POINTS) ** 2,
	);
	const theory = (z: number, dash: "solid" | "dash"): Partial<Data> => ({
		type: "scatter",
		mode: "lines",
		x: since.map((s) => anchorMs + s * 1_000),
		y: since.map((s) => at(s, z)),
		hoverinfo: "skip",
		line: { width: z === 0 ? 1 : 1.5, color: ink.theory, dash },
	});
	return [
		side(0),
		side(4, `${ink.accent}2e`),
		side(1),
		side(3, `${ink.accent}4d`),
		{ ...side(2), line: { width: 2, color: ink.accent } } as Partial<Data>,
		theory(-2, "dash"),
		theory(0, "dash"),
		theory(2, "dash"),
	];
}

function histogramTraces({ increments, ink }: EnsembleScene): Partial<Data>[] {
	const counts = increments.histogram(LIMIT, BINS);
	const width = (2 * LIMIT) / BINS;
	const scale = 1 / (Math.max(1, increments.count) * width);
	const places = Array.from(counts, (_, i) => -LIMIT + (i + 0.5) * width);
	const curve = Array.from(
		{ length: CURVE_POINTS + 1 },
		(_, i) => -LIMIT + (2 * LIMIT * i) / CURVE_POINTS,
	);
	const axes = { xaxis: "x2", yaxis: "y2", hoverinfo: "skip" } as const;
	return [
		{
			// One stepped area: forty bars cost Plotly more than all the rest of the picture.
			type: "scatter",
			mode: "lines",
			...axes,
			x: places,
			y: Array.from(counts, (n) => n * scale),
			line: { width: 0, shape: "hvh", color: ink.accent },
			fill: "tozeroy",
			fillcolor: `${ink.accent}4d`,
		},
		{
			type: "scatter",
			mode: "lines",
			...axes,
			x: curve,
			y: curve.map(density),
			line: { width: 1.5, color: ink.theory, dash: "dash" },
		},
	];
}

function layoutOf({ x, windowMs, unit, size, ink }: EnsembleScene) {
	const narrow = size.width < NARROW_PX;
	const windowS = windowMs / 1_000;
	const deviation = unit.volatility * Math.sqrt(windowS);
	const drift = unit.drift * windowS;
	const step = niceStep((6 * deviation + Math.abs(drift)) / 10);
	const y: Range = [
		Math.floor((Math.min(0, drift) - 3 * deviation) / step) * step,
		Math.ceil((Math.max(0, drift) + 3 * deviation) / step) * step,
	];
	const axis = { ...baseAxis(ink), fixedrange: true };
	const times = timeTicks(x, narrow ? 4 : 5);
	const values = valueTicks(y);
	const ticks = ({ values, words }: ReturnType<typeof valueTicks>) => ({
		tickvals: values,
		ticktext: words,
	});
	const title = (text: string) => ({ text, standoff: 8, font: { size: 12 } });
	const zs = [-4, -2, 0, 2, 4];
	return {
		...baseLayout(size, ink),
		margin: { ...MARGIN, t: 34, b: 54, pad: 4 },
		annotations: [
			heading("Change since the left edge, all devices", 0, 1),
			narrow
				? heading("Newest increments", 0, 0.3)
				: heading("Newest increments", 0.72, 1),
		],
		xaxis: {
			...axis,
			range: [...x],
			...ticks(times),
			domain: narrow ? [0, 1] : [0, 0.66],
			anchor: "y",
		},
		yaxis: {
			...axis,
			range: [...y],
			...ticks(values),
			domain: narrow ? [0.46, 1] : [0, 1],
		},
		xaxis2: {
			...axis,
			range: [-LIMIT, LIMIT],
			tickvals: zs,
			ticktext: zs.map((z) => String(z).replace("-", "\u2212")),
			domain: narrow ? [0, 1] : [0.72, 1],
			anchor: "y2",
			title: title("standard deviations"),
		},
		yaxis2: {
			...axis,
			range: [0, 0.5],
			tickvals: [0, 0.1, 0.2, 0.3, 0.4],
			ticktext: ["0", "0.1", "0.2", "0.3", "0.4"],
			domain: narrow ? [0, 0.3] : [0, 1],
			anchor: "x2",
		},
	} as Partial<Layout>;
}

/** x, y: the corner of its panel, as parts of the picture. */
const heading = (text: string, x: number, y: number) => ({
	text,
	x,
	y,
	xref: "paper" as const,
	yref: "paper" as const,
	xanchor: "left" as const,
	yanchor: "bottom" as const,
	yshift: 6,
	showarrow: false,
	font: { size: 12 },
});
