import fc from "fast-check";
import { expect, test } from "vitest";
import { boundedText } from "../../src/rows/text.ts";

test("text as it is, other bytes in base64", () => {
	expect(boundedText(null)).toBeNull();
	expect(boundedText(Buffer.from("grün"))).toBe("grün");
	expect(boundedText(Buffer.from([0xff, 0x00]))).toBe("base64:/wA=");
});

test("a long text is cut between two characters, and says how long it was", () => {
	fc.assert(
		fc.property(
			fc.string({ unit: "grapheme" }),
			fc.nat(20),
			(text, bytesMax) => {
				const bytes = Buffer.from(text);
				const kept = boundedText(bytes, bytesMax) as string;
				if (bytes.length <= bytesMax) {
					expect(kept).toBe(text);
					return;
				}
				const [, start] = kept.match(/^(.*)… \((\d+) bytes\)$/s) ?? [];
				expect(text.startsWith(start as string)).toBe(true);
				expect(Buffer.byteLength(start as string)).toBeGreaterThan(
					bytesMax - 4,
				);
				expect(kept).toContain(`${bytes.length} bytes`);
			},
		),
	);
});
