/**
 * The right panel of the ensemble: the newest increments and, if there is a theory, the normal
 * curve.
 */
import type { Data } from "plotly.js";
import type { Ink } from "../chart/layout.ts";
import { type Range, valueRange } from "../chart/ranges.ts";
import { type Ticks, valueTicks } from "../chart/ticks.ts";
import type { Increments, Newest } from "../stream/increments.ts";
import { type Labels, withUnit } from "../stream/labels.ts";
import { density } from "./normal.ts";

const LIMIT = 4;
const BINS = 40;
const CURVE_POINTS = 80;
const AXES = { xaxis: "x2", yaxis: "y2", hoverinfo: "skip" } as const;

export interface Histogram {
	traces: Partial<Data>[];
	x: Range;
	y: Range;
	xTicks: Ticks;
	yTicks: Ticks;
	heading: string;
	title: string;
}

export interface HistogramScene {
	increments: Increments;
	theory: boolean;
	labels: Labels;
	ink: Ink;
	/** The last figure's histogram, whose ranges are kept while they fit. */
	previous: Pick<Histogram, "x" | "y"> | undefined;
}

export function histogramPanel(scene: HistogramScene): Histogram {
	const heading = scene.labels.named
		? `Newest: ${scene.labels.increment}`
		: "Newest increments";
	return { heading, ...(scene.theory ? againstTheory : asMeasured)(scene) };
}

type Drawn = Omit<Histogram, "heading">;

/** A density over standard deviations. */
function againstTheory({ increments, ink }: HistogramScene): Drawn {
	const x: Range = [-LIMIT, LIMIT];
	const { standardised } = increments;
	const perBin = 1 / (Math.max(1, standardised.count) * ((2 * LIMIT) / BINS));
	const curve = Array.from(
		{ length: CURVE_POINTS + 1 },
		(_, i) => -LIMIT + (2 * LIMIT * i) / CURVE_POINTS,
	);
	const normal: Partial<Data> = {
		type: "scatter",
		mode: "lines",
		...AXES,
		x: curve,
		y: curve.map(density),
		line: { width: 1.5, color: ink.theory, dash: "dash" },
	};
	const zs = [-4, -2, 0, 2, 4];
	return {
		traces: [area(standardised, x, perBin, ink), normal],
		x,
		y: [0, 0.5],
		xTicks: {
			values: zs,
			words: zs.map((z) => String(z).replace("-", "\u2212")),
		},
		yTicks: {
			values: [0, 0.1, 0.2, 0.3, 0.4],
			words: ["0", "0.1", "0.2", "0.3", "0.4"],
		},
		title: "standard deviations",
	};
}

/** Percentages over the stream's own unit, from the least to the greatest value. */
function asMeasured(scene: HistogramScene): Drawn {
	const { increments, labels, ink, previous } = scene;
	const { plain } = increments;
	const { least, greatest } = plain.moments();
	const x =
		plain.count > 0
			? valueRange(least, greatest, previous?.x)
			: ([-1, 1] as const);
	const perBin = 100 / Math.max(1, plain.count);
	const trace = area(plain, x, perBin, ink);
	const most = Math.max(0, ...(trace.y as number[]));
	const [, top] = valueRange(0, Math.max(1, most), previous?.y);
	const y: Range = [0, Math.min(100, top)];
	const every = valueTicks(x);
	return {
		traces: [trace],
		x,
		y,
		// The panel is narrow: only every second label fits.
		xTicks: {
			values: every.values,
			words: every.words.map((word, i) => (i % 2 === 0 ? word : "")),
		},
		yTicks: valueTicks(y),
		title: `${withUnit(labels.increment, labels.incrementUnit)}; % of them`,
	};
}

/** One stepped area. Forty bars would cost Plotly more than the rest of the picture. */
function area(values: Newest, [low, high]: Range, perBin: number, ink: Ink) {
	const counts = values.histogram(low, high, BINS);
	const width = (high - low) / BINS;
	return {
		type: "scatter",
		mode: "lines",
		...AXES,
		x: Array.from(counts, (_, i) => low + (i + 0.5) * width),
		y: Array.from(counts, (n) => n * perBin),
		line: { width: 0, shape: "hvh", color: ink.accent },
		fill: "tozeroy",
		fillcolor: `${ink.accent}4d`,
	} satisfies Partial<Data>;
}
