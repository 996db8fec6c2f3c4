import fc from "fast-check";
import { expect, test } from "vitest";
import { sameUtf8 } from "../src/same-utf8.ts";

test("a text's own UTF-8 is the same", () => {
	fc.assert(
		fc.property(fc.string({ unit: "binary" }), (text) => {
			expect(sameUtf8(Buffer.from(text), text)).toBe(true);
		}),
	);
});

test("other bytes are not: a byte changed, more or fewer", () => {
	fc.assert(
		fc.property(
			fc.string({ unit: "binary", minLength: 1 }),
			fc.nat(),
			fc.integer({ min: 1, max: 255 }),
			(text, where, flip) => {
				const bytes = Buffer.from(text);
				expect(sameUtf8(bytes.subarray(0, -1), text)).toBe(false);
				expect(sameUtf8(Buffer.concat([bytes, bytes]), text)).toBe(false);
				const at = where % bytes.length;
				bytes.writeUInt8(bytes.readUInt8(at) ^ flip, at);
				expect(sameUtf8(bytes, text)).toBe(false);
			},
		),
	);
});

test("an empty text is no bytes", () => {
	expect(sameUtf8(Buffer.alloc(0), "")).toBe(true);
	expect(sameUtf8(Buffer.from([0]), "")).toBe(false);
});
