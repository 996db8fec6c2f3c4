/**
 * Judges whether the increments are those of a Wiener process. It compares their mean and deviation
 * with 0 and 1, and allows for their random error.
 *
 * For n standard normal numbers, the standard error of the mean is 1 / sqrt(n), and that of the
 * deviation is 1 / sqrt(2 n). By chance, an error exceeds STRAY_MAX of these once in some 15,000
 * checks. The checks overlap, so a correct stream is hardly ever called wrong.
 */
import type { Moments } from "../stream/increments.ts";

const STRAY_MAX = 4;
const COUNT_MIN = 100;

export type Judgement = "too few" | "agrees" | "differs";

export function judge({ count, mean, deviation }: Moments): Judgement {
	if (count < COUNT_MIN) return "too few";
	const ofMean = Math.abs(mean) * Math.sqrt(count);
	const ofDeviation = Math.abs(deviation - 1) * Math.sqrt(2 * count);
	return ofMean <= STRAY_MAX && ofDeviation <= STRAY_MAX ? "agrees" : "differs";
}
