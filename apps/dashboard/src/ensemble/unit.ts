/**
 * The unit in which the ensemble is drawn, and whether there is a theory to compare it with.
 *
 * A Wiener process has a theory: drift and volatility say how far its paths spread. A stream
 * without a volatility (or with 0) has none. Its envelope would have width 0 and its normal curve
 * no deviation. So only the quantiles and the histogram of the measured values are drawn.
 */
import type { LiveStore } from "../stream/live-store.ts";

/**
 * The devices' own unit if all have the same drift and volatility; otherwise each device's own
 * deviation.
 */
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

/** Number of devices that the theory does not cover: they have no volatility. */
export const withoutTheory = (devices: LiveStore["devices"]): number =>
	devices.reduce((n, { volatility }) => n + (volatility > 0 ? 0 : 1), 0);
