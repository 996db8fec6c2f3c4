import { expect, test } from "vitest";
import { verdict } from "../src/verdict.ts";

const last = { seq: 10, timestamp: 1000 };

test.each([
	[9, 999, "repeat"],
	[9, 1000, "repeat"],
	[9, 1001, "clock-restarted"],
	[10, 999, "repeat"],
	[10, 1000, "repeat"],
	[10, 1001, "clock-restarted"],
	[11, 999, "time-not-increasing"],
	[11, 1000, "time-not-increasing"],
	[11, 1001, "apply"],
	[99, 9999, "apply"],
])("seq %d at %d after 10 at 1000: %s", (seq, timestamp, outcome) => {
	expect(verdict(last, { seq, timestamp })).toBe(outcome);
});

test("a device's first tick is applied, whatever it is", () => {
	expect(verdict(undefined, { seq: 0, timestamp: 0 })).toBe("apply");
});
