/**
 * The ensemble's picture: how far the devices moved, and their newest increments. No DOM, no React.
 */
import type { Data, Layout } from "plotly.js";
import {
	baseAxis,
	baseLayout,
	heading,
	type Ink,
	marginOf,
	plain,
	type Size,
} from "../chart/layout.ts";
import type { Range } from "../chart/ranges.ts";
import { type Ticks, valueTicks } from "../chart/ticks.ts";
import { timeTicks } from "../chart/time-ticks.ts";
import type { Increments } from "../stream/increments.ts";
import { type BandScene, bandPanel } from "./band-panel.ts";
import { type Histogram, histogramPanel } from "./histogram-panel.ts";

/** Below this width the histogram is placed under the bands. */
const NARROW_PX = 620;

export interface EnsembleScene extends Omit<BandScene, "previous" | "ink"> {
	increments: Increments;
	size: Size;
	ink: Ink;
	previous: EnsembleFigure | undefined;
}

export interface EnsembleFigure {
	data: Partial<Data>[];
	layout: Partial<Layout>;
	/** The ranges that are kept while they fit; with a theory, the ranges come from it. */
	ranges: {
		theory: boolean;
		change: Range;
		histogram: Pick<Histogram, "x" | "y">;
	};
}

export function ensembleFigure(scene: EnsembleScene): EnsembleFigure {
	const { increments, unit, labels, ink } = scene;
	const theory = unit !== undefined;
	const { ranges } = scene.previous ?? {};
	const fitting = ranges?.theory === theory ? ranges : undefined;
	const bands = bandPanel({ ...scene, previous: fitting?.change });
	const histogram = histogramPanel({
		...{ increments, theory, labels, ink },
		previous: fitting?.histogram,
	});
	return {
		data: [...bands.traces, ...histogram.traces],
		layout: layoutOf(scene, bands, histogram),
		ranges: { theory, change: bands.y, histogram },
	};
}

const ticks = ({ values, words }: Ticks) => ({
	tickvals: values,
	ticktext: words,
});

function layoutOf(
	{ x, size, ink }: EnsembleScene,
	bands: ReturnType<typeof bandPanel>,
	histogram: Histogram,
) {
	const narrow = size.width < NARROW_PX;
	const axis = { ...baseAxis(ink), fixedrange: true };
	const title = (text: string) => ({
		text: plain(text),
		standoff: 8,
		font: { size: 12 },
	});
	return {
		...baseLayout(size, ink, true),
		margin: { ...marginOf(true), b: 54, pad: 4 },
		annotations: [
			heading(bands.heading, 0, 1),
			narrow
				? heading(histogram.heading, 0, 0.3)
				: heading(histogram.heading, 0.72, 1),
		],
		xaxis: {
			...axis,
			range: [...x],
			...ticks(timeTicks(x, narrow ? 4 : 5)),
			domain: narrow ? [0, 1] : [0, 0.66],
			anchor: "y",
		},
		yaxis: {
			...axis,
			range: [...bands.y],
			...ticks(valueTicks(bands.y)),
			domain: narrow ? [0.46, 1] : [0, 1],
		},
		xaxis2: {
			...axis,
			range: [...histogram.x],
			...ticks(histogram.xTicks),
			domain: narrow ? [0, 1] : [0.72, 1],
			anchor: "y2",
			title: title(histogram.title),
		},
		yaxis2: {
			...axis,
			range: [...histogram.y],
			...ticks(histogram.yTicks),
			domain: narrow ? [0, 0.3] : [0, 1],
			anchor: "x2",
		},
	} as Partial<Layout>;
}
