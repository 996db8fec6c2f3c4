/** A bound must hold for every value of the file, in Iceberg's order. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBound, encodeBound } from "../src/iceberg/bounds.ts";

test("bounds of strings are short, and lie around the whole text", () => {
	fc.assert(
		fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
			const bytes = Buffer.from(text);
			const lower = encodeBound("string", text, "lower");
			const upper = encodeBound("string", text, "upper");
			expect(lower && Buffer.compare(lower, bytes)).not.toBe(1);
			if (upper !== undefined)
				expect(Buffer.compare(upper, bytes)).not.toBe(-1);
			expect([...(lower?.toString() ?? "")].length).toBeLessThanOrEqual(16);
			expect([...(upper?.toString() ?? "")].length).toBeLessThanOrEqual(16);
		}),
	);
});

test.each([
	["a".repeat(17), `${"a".repeat(15)}b`],
	[`${"a".repeat(15)}\u{d7ff}x`, `${"a".repeat(15)}\u{e000}`],
	[`${"a".repeat(15)}\u{10ffff}x`, `${"a".repeat(14)}b`],
	["\u{10ffff}".repeat(17), undefined],
])("the upper bound of %j is %j", (text, expected) => {
	expect(encodeBound("string", text, "upper")?.toString()).toBe(expected);
});

test("numbers and times come back as they were", () => {
	const longs = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
	fc.assert(
		fc.property(longs, (value) => {
			for (const type of ["long", "timestamptz"] as const) {
				const bound = encodeBound(type, value, "lower") ?? Buffer.of();
				expect(BigInt(decodeBound(type, bound) as number)).toBe(value);
			}
		}),
	);
	fc.assert(
		fc.property(fc.double({ noNaN: true }), (value) => {
			const bound = encodeBound("double", value, "upper") ?? Buffer.of();
			expect(decodeBound("double", bound)).toBe(value === 0 ? 0 : value);
		}),
	);
});

test("NaN is no bound, and the bounds of zero hold both zeros", () => {
	expect(encodeBound("double", Number.NaN, "upper")).toBeUndefined();
	expect(encodeBound("double", 0, "lower")?.readDoubleLE()).toBe(-0);
	expect(encodeBound("double", -0, "upper")?.readDoubleLE()).toBe(0);
});

test("a bound that was written when the column was narrower", () => {
	expect(
		decodeBound("long", encodeBound("int", -7, "lower") ?? Buffer.of()),
	).toBe(-7);
	expect(
		decodeBound("double", encodeBound("float", 0.5, "lower") ?? Buffer.of()),
	).toBe(0.5);
});
