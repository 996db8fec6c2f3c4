import fc from "fast-check";
import { expect, test } from "vitest";
import { isoTexts } from "../../src/write/iso-text.ts";

test("as Date writes it, for every time that Date knows", () => {
	const text = isoTexts();
	fc.assert(
		fc.property(fc.integer({ min: -8.64e15, max: 8.64e15 }), (ms) => {
			expect(text(ms)).toBe(new Date(ms).toISOString());
		}),
	);
	for (const ms of [0, -1, 86_399_999, 86_400_000, 951_782_400_000])
		expect(text(ms)).toBe(new Date(ms).toISOString());
});
