import { expect, test } from "vitest";
import { BACK_OFF, backOffMs } from "../../src/supervisor/back-off.ts";

test("the first restart is fast, the later ones double up to a bound", () => {
	expect([1, 2, 3, 4, 5, 6, 7, 50].map(backOffMs)).toEqual([
		200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000,
	]);
	expect(backOffMs(10_000)).toBe(BACK_OFF.maxMs);
});
