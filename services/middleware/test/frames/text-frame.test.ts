/** Whole frames, checked with the parser of `ws`. */
import { once } from "node:events";
import type { Writable } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import * as ws from "ws";
import { textFrame, textOf } from "../../src/frames/text-frame.ts";

/** Part of `ws`, but missing in its types. */
const { Receiver } = ws as unknown as {
	Receiver: new (options: object) => Writable;
};

/** The text that a client of `ws` reads from these bytes. */
async function readBy(bytes: Buffer): Promise<string> {
	const receiver = new Receiver({ isServer: false });
	const message = once(receiver, "message");
	receiver.write(bytes);
	const [data, isBinary] = await message;
	expect(isBinary).toBe(false);
	return String(data);
}

test("at every bound of a header", async () => {
	for (const length of [0, 1, 125, 126, 127, 65_535, 65_536, 100_000]) {
		const text = "x".repeat(length);
		const frame = textFrame(text);
		expect(textOf(frame)).toBe(text);
		expect(await readBy(frame)).toBe(text);
	}
});

test("property: any text", async () => {
	await fc.assert(
		fc.asyncProperty(fc.string({ unit: "binary" }), async (text) => {
			expect(await readBy(textFrame(text))).toBe(text);
		}),
		{ numRuns: 50 },
	);
});
