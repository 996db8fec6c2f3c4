import { expect, test } from "vitest";
import { backOffMs } from "../src/index.ts";

const BACK_OFF = { firstMs: 100, maxMs: 5_000 };

test("doubles with each failure, up to the bound", () => {
	expect(
		[1, 2, 3, 6, 7, 1_000, 1e9].map((n) => backOffMs(BACK_OFF, n)),
	).toEqual([100, 200, 400, 3_200, 5_000, 5_000, 5_000]);
});

test("with a random part: between half of the delay and all of it", () => {
	for (const failures of [1, 2, 10, 1_000]) {
		const whole = backOffMs(BACK_OFF, failures);
		expect(backOffMs(BACK_OFF, failures, 0)).toBe(whole / 2);
		expect(backOffMs(BACK_OFF, failures, 0.5)).toBe(whole * 0.75);
	}
});
