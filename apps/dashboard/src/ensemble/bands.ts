/**
 * The quantiles of all devices' changes since the window's left edge, standardised for each device: (change - drift * t) / (volatility * sqrt(t)).
 *
 * Of a right stream each is standard normal at every moment. Counted into narrow bins rather than sorted: one pass over the devices.
 */
import type { LiveStore } from "../stream/live-store.ts";
import type { Column } from "./grid.ts";

/** The parts of a normal distribution below -2, the lower quartile, the median, the upper quartile and 2. */
export const PARTS = [0.02275, 0.25, 0.5, 0.75, 0.97725] as const;
export type Quantiles = readonly [number, number, number, number, number];

const LIMIT = 8;
const BINS = 1_600;

export interface Band {
	atMs: number;
	/** Time since the anchor, s. */
	sinceS: number;
	/** In units of a standard deviation; undefined where no device has both points. */
	z: Quantiles | undefined;
	/** Devices counted, and how many of them lie within -2 to 2. */
	count: number;
	within: number;
}

const counts = new Uint32Array(BINS);

export function bandAt(
	store: LiveStore,
	devices: Uint32Array,
	anchor: Column,
	at: Column,
): Band {
	counts.fill(0);
	let count = 0;
	let within = 0;
	for (let i = 0; i < devices.length; i++) {
		const info = store.devices[devices[i] as number];
		const sinceS =
			((at.time[i] as number) - (anchor.time[i] as number)) / 1_000;
		if (!info || !(info.volatility > 0) || !(sinceS > 0)) continue;
		const change = (at.value[i] as number) - (anchor.value[i] as number);
		const z =
			(change - info.drift * sinceS) / (info.volatility * Math.sqrt(sinceS));
		if (Math.abs(z) <= 2) within++;
		const bin = Math.floor(((z + LIMIT) / (2 * LIMIT)) * BINS);
		const near = Math.max(0, Math.min(BINS - 1, bin));
		counts[near] = (counts[near] as number) + 1;
		count++;
	}
	const sinceS = (at.atMs - anchor.atMs) / 1_000;
	const z = count > 0 ? quantiles(count) : undefined;
	return { atMs: at.atMs, sinceS, z, count, within };
}

/** Of what is in `counts`, each taken to be spread evenly over its bin. */
function quantiles(count: number): Quantiles {
	let bin = -1;
	let below = 0;
	let inBin = 0;
	return PARTS.map((part) => {
		while (below + inBin < part * count && bin < BINS - 1) {
			below += inBin;
			inBin = counts[++bin] as number;
		}
		const within = inBin > 0 ? (part * count - below) / inBin : 0;
		return ((bin + within) / BINS) * 2 * LIMIT - LIMIT;
	}) as unknown as Quantiles;
}
