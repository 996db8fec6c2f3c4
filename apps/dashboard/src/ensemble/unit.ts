/**
 * In which unit the ensemble is drawn, and whether there is a theory to hold it against.
 *
 * A Wiener process has one: drift and volatility say how far its paths spread. A stream that tells no volatility (or 0) has none: an envelope of width 0 and a
 * normal curve without a deviation would be drawn from nothing, so there are only the quantiles and the histogram of what was measured.
 */
import type { LiveStore } from "../stream/live-store.ts";

/** The devices' own unit where all have the same drift and volatility, else each one's own deviation. */
export interface Unit {
	drift: number;
	volatility: number;
	standardised: boolean;
}

/** undefined: no device has a volatility. */
export function unitOf(devices: LiveStore["devices"]): Unit | undefined {
	const first = devices.find(({ volatility }) => volatility > 0);
	if (!first) return undefined;
	const { drift, volatility } = first;
	const alike = devices.every(
		(one) => one.drift === drift && one.volatility === volatility,
	);
	return alike
		? { drift, volatility, standardised: false }
		: { drift: 0, volatility: 1, standardised: true };
}

/** Devices that have no place in a picture of theory: they have no volatility. */
export const withoutTheory = (devices: LiveStore["devices"]): number =>
	devices.reduce((n, { volatility }) => n + (volatility > 0 ? 0 : 1), 0);
