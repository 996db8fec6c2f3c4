import { expect, it } from "vitest";
import { RETRY_AFTER_MAX_MS, retryAfterMs } from "../src/retry.ts";

it("uses a server's delay only from the close of a restart, and only up to a bound", () => {
	expect(retryAfterMs(1012, "retry-after-ms=300")).toBe(300);
	expect(retryAfterMs(1012, "restart; retry-after-ms=0")).toBe(0);
	expect(retryAfterMs(1012, "retry-after-ms=999999999")).toBe(
		RETRY_AFTER_MAX_MS,
	);
	expect(retryAfterMs(1012, "")).toBeUndefined();
	expect(retryAfterMs(1012, "retry-after-ms=-5")).toBeUndefined();
	expect(retryAfterMs(1000, "retry-after-ms=300")).toBeUndefined();
});
