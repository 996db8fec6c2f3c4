import { expect, test } from "vitest";
import { philox4x32 } from "../src/philox.ts";

const MAX = 0xffffffff;

function block(counter: number[], key: number[]): number[] {
	const out = new Uint32Array(4);
	const [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = counter;
	const [k0 = 0, k1 = 0] = key;
	philox4x32(c0, c1, c2, c3, k0, k1, out);
	return [...out];
}

// Random123, examples/kat_vectors: philox4x32 10.
test.each([
	[
		[0, 0, 0, 0],
		[0, 0],
		[0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
	],
	[
		[MAX, MAX, MAX, MAX],
		[MAX, MAX],
		[0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
	],
	[
		[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
		[0xa4093822, 0x299f31d0],
		[0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
	],
])(
	"the known answer of Random123 for counter %j and key %j",
	(counter, key, words) => {
		expect(block(counter, key)).toEqual(words);
	},
);

test("the known answer for counter 2499 and key 20111115", () => {
	expect(block([2499, 0, 0, 0], [20111115, 0])[3]).toBe(1955073260);
});

test("words may be signed or unsigned: the bits count", () => {
	expect(block([-1, -1, -1, -1], [-1, -1])).toEqual(
		block([MAX, MAX, MAX, MAX], [MAX, MAX]),
	);
});

test("agrees with 64-bit arithmetic", () => {
	const high = (a: number, b: number) => Number((BigInt(a) * BigInt(b)) >> 32n);
	const low = (a: number, b: number) =>
		Number((BigInt(a) * BigInt(b)) & 0xffffffffn);
	for (let n = 0; n < 500; n++) {
		let c = [1, 3, 5, 7].map((m) => Math.imul(n * m + 1, 0x9e3779b1) >>> 0);
		let k = [n, Math.imul(n, 0x85ebca6b) >>> 0];
		const found = block(c, k);
		for (let round = 0; round < 10; round++) {
			const [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = c;
			const [k0 = 0, k1 = 0] = k;
			c = [
				(high(0xcd9e8d57, c2) ^ c1 ^ k0) >>> 0,
				low(0xcd9e8d57, c2),
				(high(0xd2511f53, c0) ^ c3 ^ k1) >>> 0,
				low(0xd2511f53, c0),
			];
			k = [(k0 + 0x9e3779b9) >>> 0, (k1 + 0xbb67ae85) >>> 0];
		}
		expect(found).toEqual(c);
	}
});
