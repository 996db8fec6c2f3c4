/**
 * Philox4x32-10, the counter-based generator of Salmon et al., "Parallel random numbers: as easy as
 * 1, 2, 3" (SC'11), checked against the known answers of Random123. Counter-based means that it has
 * no state, so the noise of any single tick can be recomputed.
 *
 * Everything is 32-bit integer arithmetic. BigInt would be shorter, but many times slower.
 */

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

/**
 * The high 32 bits of the 64-bit product of two u32, as an int32. Computed by 16-bit halves,
 * because `a * b` has more than 53 bits.
 */
function multiplyHigh(a: number, b: number): number {
	const aHigh = a >>> 16;
	const aLow = a & 0xffff;
	const bHigh = b >>> 16;
	const bLow = b & 0xffff;
	const middle =
		(Math.imul(aHigh, bLow) >>> 0) + (Math.imul(aLow, bLow) >>> 16);
	const carried = (Math.imul(aLow, bHigh) >>> 0) + (middle & 0xffff);
	// `middle` and `carried` stay below 2^32, so `>>>` gives their exact high halves.
	return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (carried >>> 16)) | 0;
}

/**
 * Computes one block of four random words.
 *
 * @param c0 to c3: the counter, four words of 32 bits (signed or unsigned; only the bits matter)
 * @param k0 and k1: the key, two words of 32 bits
 * @param out receives the four words; passed in so that a call allocates nothing
 */
export function philox4x32(
	c0: number,
	c1: number,
	c2: number,
	c3: number,
	k0: number,
	k1: number,
	out: Uint32Array,
): void {
	let x0 = c0 | 0;
	let x1 = c1 | 0;
	let x2 = c2 | 0;
	let x3 = c3 | 0;
	let key0 = k0 | 0;
	let key1 = k1 | 0;
	for (let round = 0; round < ROUNDS; round++) {
		const high0 = multiplyHigh(MULTIPLIER_0, x0);
		const high1 = multiplyHigh(MULTIPLIER_1, x2);
		const low0 = Math.imul(MULTIPLIER_0, x0);
		const low1 = Math.imul(MULTIPLIER_1, x2);
		x0 = high1 ^ x1 ^ key0;
		x1 = low1;
		x2 = high0 ^ x3 ^ key1;
		x3 = low0;
		key0 = (key0 + WEYL_0) | 0;
		key1 = (key1 + WEYL_1) | 0;
	}
	out[0] = x0;
	out[1] = x1;
	out[2] = x2;
	out[3] = x3;
}
