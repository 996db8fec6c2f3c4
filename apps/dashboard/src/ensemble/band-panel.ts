/**
 * The left panel of the ensemble: how far all devices moved since the window's left edge. If there
 * is a theory, it also shows the theory's envelope.
 */
import type { Data } from "plotly.js";
import type { Ink } from "../chart/layout.ts";
import { niceStep, type Range, valueRange } from "../chart/ranges.ts";
import { type Labels, withUnit } from "../stream/labels.ts";
import type { Band } from "./bands.ts";
import type { Unit } from "./unit.ts";

/** The envelope's points. */
const CURVE_POINTS = 80;

export interface BandScene {
	bands: readonly Band[];
	anchorMs: number;
	windowMs: number;
	/** The visible range of time. */
	x: Range;
	/** undefined: there is no theory. */
	unit: Unit | undefined;
	labels: Labels;
	ink: Ink;
	/** The last figure's range of changes, which is kept while it fits. */
	previous: Range | undefined;
}

export function bandPanel(scene: BandScene) {
	const { unit, labels } = scene;
	const change = unit?.standardised ? undefined : labels.valueUnit;
	const what = labels.named ? `Change of ${labels.value}` : "Change";
	return {
		traces: [...bandTraces(scene), ...(unit ? envelope(scene, unit) : [])],
		y: unit ? theoryRange(unit, scene.windowMs) : measuredRange(scene),
		heading: `${withUnit(what, change)} since the left edge, ${labels.named ? "all" : "all devices"}`,
	};
}

/** The value z standard deviations from the drift, after this many seconds. */
const spread = ({ drift, volatility }: Unit, sinceS: number, z: number) =>
	drift * sinceS + volatility * Math.sqrt(sinceS) * z;

function bandTraces({ bands, anchorMs, unit, ink }: BandScene) {
	const known = bands.filter(({ quantiles }) => quantiles);
	const times = [anchorMs, ...known.map(({ atMs }) => atMs)];
	const quantile = (k: number) => [
		0,
		...known.map(({ sinceS, quantiles }) => {
			const measure = quantiles?.[k] ?? 0;
			return unit ? spread(unit, sinceS, measure) : measure;
		}),
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
	return [
		side(0),
		side(4, `${ink.accent}2e`),
		side(1),
		side(3, `${ink.accent}4d`),
		{ ...side(2), line: { width: 2, color: ink.accent } } as Partial<Data>,
	];
}

function envelope({ anchorMs, x, ink }: BandScene, unit: Unit) {
	const spanS = (x[1] - anchorMs) / 1_000;
	// Denser where the square root curves most.
	const since = Array.from(
		{ length: CURVE_POINTS + 1 },
		(_, i) => spanS * (i / CURVE_POINTS) ** 2,
	);
	return [-2, 0, 2].map(
		(z): Partial<Data> => ({
			type: "scatter",
			mode: "lines",
			x: since.map((s) => anchorMs + s * 1_000),
			y: since.map((s) => spread(unit, s, z)),
			hoverinfo: "skip",
			line: { width: z === 0 ? 1 : 1.5, color: ink.theory, dash: "dash" },
		}),
	);
}

/** Three deviations at the window's end: this range never changes. */
function theoryRange(unit: Unit, windowMs: number): Range {
	const windowS = windowMs / 1_000;
	const deviation = unit.volatility * Math.sqrt(windowS);
	const drift = unit.drift * windowS;
	const step = niceStep((6 * deviation + Math.abs(drift)) / 10);
	return [
		Math.floor((Math.min(0, drift) - 3 * deviation) / step) * step,
		Math.ceil((Math.max(0, drift) + 3 * deviation) / step) * step,
	];
}

function measuredRange({ bands, previous }: BandScene): Range {
	const seen = bands.flatMap(({ quantiles }) => quantiles ?? []);
	return valueRange(Math.min(0, ...seen), Math.max(0, ...seen), previous);
}
