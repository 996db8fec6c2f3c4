/**
 * Whether the increments are those of a Wiener process: their mean and deviation against 0 and 1, each by how far it may stray.
 *
 * Of n standard normal numbers the mean strays by 1 / sqrt(n) and the deviation by 1 / sqrt(2 n). STRAY_MAX of these happen by chance once in some 15,000
 * looks; the looks overlap, so a right stream is called wrong hardly ever.
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
