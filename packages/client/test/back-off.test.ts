import { expect, it } from "vitest";
import {
	backOffMs,
	RETRY_AFTER_MAX_MS,
	retryAfterMs,
} from "../src/back-off.ts";

it("is at least half of the whole delay, and never above the bound", () => {
	for (const attempt of [1, 2, 10, 1_000, 1e9]) {
		expect(backOffMs(attempt, 0)).toBeGreaterThanOrEqual(125);
		expect(backOffMs(attempt, 0.999)).toBeLessThanOrEqual(5_000);
	}
});

it("takes a server's word only in a restart's close, and only up to a bound", () => {
	expect(retryAfterMs(1012, "retry-after-ms=300")).toBe(300);
	expect(retryAfterMs(1012, "restart; retry-after-ms=0")).toBe(0);
	expect(retryAfterMs(1012, "retry-after-ms=999999999")).toBe(
		RETRY_AFTER_MAX_MS,
	);
	expect(retryAfterMs(1012, "")).toBeUndefined();
	expect(retryAfterMs(1012, "retry-after-ms=-5")).toBeUndefined();
	expect(retryAfterMs(1000, "retry-after-ms=300")).toBeUndefined();
});
