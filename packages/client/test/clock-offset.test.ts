import fc from "fast-check";
import { expect, it } from "vitest";
import { ClockOffset } from "../src/clock-offset.ts";

it("is 0 while nothing is known, and on one machine", () => {
	const offset = new ClockOffset();
	expect(offset.ms).toBe(0);
	offset.hello(1_000, 1_003, 1_004);
	offset.frame(6_000, 6_001);
	expect(offset.ms).toBe(0);
});

it("is wrong by at most the travel time of the fastest frame, and never contradicts the frames", () => {
	const way = fc.integer({ min: 0, max: 200 });
	fc.assert(
		fc.property(
			fc.integer({ min: -100_000, max: 100_000 }),
			way,
			fc.array(way, { minLength: 1, maxLength: 80 }),
			(truth, connectMs, ways) => {
				const offset = new ClockOffset();
				const [helloWay = 0, ...rest] = ways;
				offset.hello(0, connectMs + truth, connectMs + helloWay);
				rest.forEach((ms, i) => {
					const sentMs = 1_000 * (i + 1);
					offset.frame(sentMs + truth, sentMs + ms);
				});
				const quickest = Math.min(...ways.slice(-60));
				const error = Math.abs(offset.ms - truth);
				expect(error).toBeLessThanOrEqual(Math.max(quickest, connectMs));
			},
		),
	);
});
