import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { inverseNormal } from "../src/inverse-normal.ts";
import { philox4x32 } from "../src/philox.ts";
import { bitsOf, readVectors } from "./bits.ts";

const TWO_MINUS_52 = 2 ** -52;

test("every shared vector holds bit for bit: tails, joints, the log's branch near one", () => {
	const vectors = readVectors<{ u: string; noise: string }>(
		"normal-vectors.jsonl",
	);
	expect(vectors.length).toBe(480);
	for (const { u, noise } of vectors) {
		const quantile = inverseNormal((Number(u) + 0.5) * TWO_MINUS_52);
		expect({ u, noise: bitsOf(quantile) }).toEqual({ u, noise });
	}
});

test("200,000 values have the reference's digest", () => {
	const block = new Uint32Array(4);
	const values = Buffer.alloc(200_000 * 8);
	for (let n = 0; n < 200_000; n++) {
		philox4x32(n, 0, 0, 0, 42, 7, block);
		const [w0 = 0, w1 = 0] = block;
		const bits = (w0 >>> 12) * 2 ** 32 + w1;
		values.writeDoubleLE(inverseNormal((bits + 0.5) * TWO_MINUS_52), n * 8);
	}
	const digest = createHash("sha256").update(values).digest("hex");
	expect(digest.slice(0, 16)).toBe("17324b923cd7ad84");
});

test.each([
	[0.5, 0],
	[0.25, -0.6744897501960817],
	[0.001, -3.0902323061678132],
	[1e-20, -9.26234008979841],
])("the published values of AS 241: p = %d", (p, x) => {
	expect(inverseNormal(p)).toBeCloseTo(x, 13);
});
