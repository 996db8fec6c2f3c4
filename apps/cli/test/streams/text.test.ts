/** Records as text that a terminal can be trusted with. */
import { describe, expect, test } from "vitest";
import {
	bytesJson,
	bytesText,
	cutText,
	durationText,
	safe,
	timeText,
} from "../../src/streams/text.ts";

describe("text", () => {
	test("control characters and changes of direction are written out", () => {
		expect(safe("a\nb\tc\u001b[31m\u0007\u202e\u2028")).toBe(
			"a\\nb\\tc\\u001b[31m\\u0007\\u202e\\u2028",
		);
		expect(safe("Ünï 漢字 👍")).toBe("Ünï 漢字 👍");
	});

	test("a long text is cut, never within a character, and its size is said", () => {
		expect(cutText("abcdef", 6)).toBe("abcdef");
		expect(cutText("abcdefg", 6)).toBe("abcdef… (7 characters)");
		expect(cutText("👍👍👍", 2)).toBe("👍… (6 characters)");
	});
});

describe("bytes", () => {
	test("UTF-8 is text, the rest is hexadecimal", () => {
		expect(bytesText(null, 10)).toBe("(null)");
		expect(bytesText(Buffer.alloc(0), 10)).toBe("(empty)");
		expect(bytesText(Buffer.from("é\u0000"), 10)).toBe("é\\u0000");
		expect(bytesText(Buffer.from([0xff, 1]), 10)).toBe("0xff01");
		expect(bytesText(Buffer.alloc(10, 0xff), 4)).toBe("0xffff… (10 bytes)");
	});

	test("in JSON nothing is lost", () => {
		expect(bytesJson(null)).toBeNull();
		expect(bytesJson(Buffer.from("é"))).toBe("é");
		expect(bytesJson(Buffer.from([0xff]))).toEqual({ base64: "/w==" });
	});
});

test("times and durations", () => {
	expect(timeText(0)).toBe("1970-01-01T00:00:00.000Z");
	expect(timeText(1e17)).toBe("100000000000000000");
	expect(
		[null, 604_800_000, 5_400_000, 90_000, 1_500].map(durationText),
	).toEqual(["forever", "7d", "90m", "90s", "1500ms"]);
});
