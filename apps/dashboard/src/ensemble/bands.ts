/**
 * The quantiles of all devices' changes since the window's left edge.
 *
 * If there is a theory, each change is standardised for its device: (change - drift * t) /
 * (volatility * sqrt(t)). In a correct stream this is standard normal at every moment. Without a
 * theory the changes are used as they are.
 */
import type { LiveStore } from "../stream/live-store.ts";
import type { Column } from "./grid.ts";

/**
 * The fractions of a normal distribution below -2, the lower quartile, the median, the upper
 * quartile and 2.
 */
const PARTS = [0.02275, 0.25, 0.5, 0.75, 0.97725] as const;
type Quantiles = readonly [number, number, number, number, number];

export interface Band {
	atMs: number;
	/** Time since the anchor, s. */
	sinceS: number;
	/** Of the changes, standardised or not; undefined if no device has both points. */
	quantiles: Quantiles | undefined;
	/** Devices counted, and how many of them lie within -2 to 2. */
	count: number;
	within: number;
}

let sample = new Float64Array(0);

/** standardised: devices without a volatility are left out. */
export function bandAt(
	store: LiveStore,
	devices: Uint32Array,
	anchor: Column,
	at: Column,
	standardised: boolean,
): Band {
	if (sample.length < devices.length) sample = new Float64Array(devices.length);
	let count = 0;
	let within = 0;
	for (let i = 0; i < devices.length; i++) {
		const info = store.devices[devices[i] as number];
		const sinceS =
			((at.time[i] as number) - (anchor.time[i] as number)) / 1_000;
		if (!info || !(sinceS > 0)) continue;
		if (standardised && !(info.volatility > 0)) continue;
		const change = (at.value[i] as number) - (anchor.value[i] as number);
		const measure = standardised
			? (change - info.drift * sinceS) / (info.volatility * Math.sqrt(sinceS))
			: change;
		if (Math.abs(measure) <= 2) within++;
		sample[count++] = measure;
	}
	const sinceS = (at.atMs - anchor.atMs) / 1_000;
	const quantiles = count > 0 ? quantilesOf(count) : undefined;
	return { atMs: at.atMs, sinceS, quantiles, count, within };
}

/**
 * The quantiles of the first `count` values of the sample, which it sorts. Interpolates linearly
 * between two values.
 */
function quantilesOf(count: number): Quantiles {
	const sorted = sample.subarray(0, count).sort();
	return PARTS.map((part) => {
		const place = part * (count - 1);
		const below = Math.floor(place);
		const low = sorted[below] as number;
		const high = sorted[Math.min(count - 1, below + 1)] as number;
		return low + (high - low) * (place - below);
	}) as unknown as Quantiles;
}
