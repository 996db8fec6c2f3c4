/**
 * A heat map: a row for each key, a column for each part of the time, and the mean of the values as
 * a colour. It is one small picture, a pixel a cell, that Plotly stretches over its axes. So 200
 * keys cost no more than five.
 */
import type { Layout } from "plotly.js";
import type { Ink } from "../../chart/layout.ts";
import type { Range } from "../../chart/ranges.ts";
import type { Track } from "../data/track.ts";

/**
 * How many columns there can be. All divide the 120 half steps of a live window (chart/ranges.ts),
 * so that a moving window has the same columns.
 */
const COLUMNS = [
	120, 60, 40, 30, 24, 20, 15, 12, 10, 8, 6, 5, 4, 3, 2, 1,
] as const;
/** The lowest value has this part of the full colour, so that it differs from a gap. */
const LOWEST = 0.12;

export interface Cells {
	rows: number;
	columns: number;
	/** By row, then column; NaN where nothing was measured. */
	mean: Float64Array;
	low: number;
	high: number;
}

/** tracks: undefined for a key without points. intervalMs: a column is not narrower than this. */
export function cellsOf(
	tracks: readonly (Track | undefined)[],
	[from, to]: Range,
	intervalMs: number,
): Cells {
	const most = Number.isFinite(intervalMs)
		? (to - from) / intervalMs
		: COLUMNS[0];
	const columns = COLUMNS.find((n) => n <= most) ?? 1;
	const mean = new Float64Array(tracks.length * columns).fill(Number.NaN);
	const perMs = columns / (to - from);
	let low = Number.POSITIVE_INFINITY;
	let high = Number.NEGATIVE_INFINITY;
	const sums = new Float64Array(columns);
	const counts = new Uint32Array(columns);
	tracks.forEach((track, row) => {
		if (track === undefined) return;
		sums.fill(0);
		counts.fill(0);
		for (let i = track.firstAtOrAfter(from); i < track.end; i++) {
			const column = Math.floor(((track.time[i] as number) - from) * perMs);
			if (column >= columns) break;
			sums[column] = (sums[column] as number) + (track.value[i] as number);
			counts[column] = (counts[column] as number) + 1;
		}
		for (let column = 0; column < columns; column++) {
			const n = counts[column] as number;
			if (n === 0) continue;
			const value = (sums[column] as number) / n;
			mean[row * columns + column] = value;
			low = Math.min(low, value);
			high = Math.max(high, value);
		}
	});
	return { rows: tracks.length, columns, mean, low, high };
}

/** The pixels, row by row from the top; a gap is transparent. */
export function pixelsOf(
	{ mean, low, high }: Cells,
	{ ground, accent }: Pick<Ink, "ground" | "accent">,
): Uint8ClampedArray<ArrayBuffer> {
	const [a, b] = [rgbOf(ground), rgbOf(accent)];
	const pixels = new Uint8ClampedArray(4 * mean.length);
	mean.forEach((value, i) => {
		if (Number.isNaN(value)) return;
		const part = high > low ? (value - low) / (high - low) : 1;
		const weight = LOWEST + (1 - LOWEST) * part;
		for (let c = 0; c < 3; c++)
			pixels[4 * i + c] =
				(a[c] as number) * (1 - weight) + (b[c] as number) * weight;
		pixels[4 * i + 3] = 255;
	});
	return pixels;
}

/** colour: #rrggbb, or #rgb, into which a build shortens it. */
const rgbOf = (colour: string): number[] => {
	const digits = colour.length === 4 ? 1 : 2;
	return [0, 1, 2].map((i) => {
		const at = 1 + i * digits;
		const hex = colour.slice(at, at + digits).padStart(2, colour[at]);
		return Number.parseInt(hex, 16) || 0;
	});
};

/** The picture as Plotly places it: over the range of time, and from row 0 at the top. */
export const imageOf = (
	source: string,
	[from, to]: Range,
	rows: number,
): NonNullable<Layout["images"]>[number] =>
	({
		source,
		xref: "x",
		yref: "y",
		x: from,
		y: 0,
		sizex: to - from,
		sizey: rows,
		xanchor: "left",
		yanchor: "top",
		sizing: "stretch",
		layer: "below",
	}) as NonNullable<Layout["images"]>[number];

/** Makes a picture of pixels, in the browser. */
export function pictureOf(
	pixels: Uint8ClampedArray<ArrayBuffer>,
	columns: number,
	rows: number,
): string {
	const canvas = document.createElement("canvas");
	canvas.width = columns;
	canvas.height = rows;
	canvas
		.getContext("2d")
		?.putImageData(new ImageData(pixels, columns, rows), 0, 0);
	return canvas.toDataURL();
}
