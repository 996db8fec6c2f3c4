import fc from "fast-check";
import { expect, test } from "vitest";
import { portableLog } from "../src/portable-log.ts";

test("stays within one unit in the last place of Math.log", () => {
	fc.assert(
		fc.property(
			fc.double({ min: 2 ** -1022, max: Number.MAX_VALUE, noNaN: true }),
			(x) => {
				const exact = Math.log(x);
				expect(Math.abs(portableLog(x) - exact)).toBeLessThanOrEqual(
					Math.abs(exact) * 2 ** -52,
				);
			},
		),
		{ numRuns: 2000 },
	);
});

test.each([
	[1, 0],
	[2, Math.LN2],
	[0.5, -Math.LN2],
	[2 ** -53, -53 * Math.LN2],
	[1 + 2 ** -52, 2.2204460492503128e-16],
])("log(%d) is %d", (x, log) => {
	expect(portableLog(x)).toBe(log);
});
