/**
 * The noise of one tick: a standard normal that is a pure function of (seed, DeviceID, seq).
 *
 * So every reader of the topics can recompute any path, in any language, to the bit.
 */
import type { DeviceWords } from "./device-words.ts";
import { inverseNormal } from "./inverse-normal.ts";
import { philox4x32 } from "./philox.ts";
import type { Seed } from "./seed.ts";

const TWO_32 = 2 ** 32;
const TWO_MINUS_52 = 2 ** -52;

/** Scratch space for one block. It is never shared, because JavaScript runs one call at a time. */
const block = new Uint32Array(4);

/**
 * The standard normal of one tick.
 *
 * 52 of the generator's bits choose the middle of one of 2^52 equal intervals of (0, 1). So the
 * argument of the quantile is never 0 or 1, and every operation before the quantile is exact.
 *
 * @param seed the stream's seed
 * @param words the device's words
 * @param seq the tick's number, a whole number from 0 to 2^53-1
 * @returns a standard normal, between -8.21 and 8.21
 */
export function noise(seed: Seed, words: DeviceWords, seq: number): number {
	const seqLow = seq >>> 0;
	const seqHigh = (seq - seqLow) / TWO_32;
	philox4x32(seqLow, seqHigh, words.hi, words.lo, seed.lo, seed.hi, block);
	const bits = ((block[0] as number) >>> 12) * TWO_32 + (block[1] as number);
	return inverseNormal((bits + 0.5) * TWO_MINUS_52);
}
