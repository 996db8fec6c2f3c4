/**
 * Variable-length integers as in Kafka's records: seven bits a byte, the lowest first; signed ones
 * in zigzag form (0, -1, 1, -2, ...). Exact up to 2^53: bit operations would cut a number to 32
 * bits, so these functions divide.
 */

/** The zigzag form of an integer. */
export const zigZag = (value: number): number =>
	value >= 0 ? value * 2 : -value * 2 - 1;

/** The bytes of an unsigned integer. */
export function sizeOfUnsigned(value: number): number {
	let bytes = 1;
	let rest = value;
	while (rest >= 0x80) {
		bytes++;
		rest = rest < 0x80000000 ? rest >>> 7 : Math.floor(rest / 128);
	}
	return bytes;
}

/** Writes an unsigned integer, and returns the offset of the next byte. */
export function writeUnsigned(
	buffer: Buffer,
	offset: number,
	value: number,
): number {
	let at = offset;
	let rest = value;
	while (rest >= 0x80) {
		buffer[at++] = (rest % 128) | 0x80;
		rest = rest < 0x80000000 ? rest >>> 7 : Math.floor(rest / 128);
	}
	buffer[at++] = rest;
	return at;
}
