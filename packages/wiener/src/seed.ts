/**
 * The seed of the noise: a whole number from 0 to 2^64-1. It is written in decimal and held as two
 * words of 32 bits.
 */

export interface Seed {
	/** The high 32 bits, 0 to 2^32-1. */
	readonly hi: number;
	/** The low 32 bits, 0 to 2^32-1. */
	readonly lo: number;
}

const DIGITS = /^[0-9]{1,20}$/;
const SEED_MAX = 2n ** 64n - 1n;

/**
 * Parses a seed. This happens once per process, so BigInt is fast enough.
 *
 * @param text one to twenty decimal digits, without sign or spaces
 * @throws RangeError if the text is not a whole number from 0 to 2^64-1
 */
export function parseSeed(text: string): Seed {
	const value = DIGITS.test(text) ? BigInt(text) : -1n;
	if (value < 0n || value > SEED_MAX) {
		throw new RangeError(
			`the seed must be a whole number from 0 to ${SEED_MAX} in decimal digits, not ${JSON.stringify(text)}`,
		);
	}
	return {
		hi: Number(value >> 32n),
		lo: Number(value & 0xffffffffn),
	};
}
