import fc from "fast-check";
import { expect, it } from "vitest";
import { Ring } from "../src/stream/ring.ts";

const point = (seq: number) => ({
	seq,
	timeMs: seq * 10,
	dtS: 0.01,
	increment: -1,
	value: -seq,
});

const contents = (ring: Ring) => [...ring.seq.subarray(ring.begin, ring.end)];

it("holds the newest points in order, within its bound, as a plain list would", () => {
	const step = fc.oneof(
		{ weight: 20, arbitrary: fc.constant("push" as const) },
		{ weight: 1, arbitrary: fc.constant("clear" as const) },
		{ weight: 1, arbitrary: fc.integer({ min: 1, max: 300 }) },
	);
	fc.assert(
		fc.property(
			fc.integer({ min: 1, max: 300 }),
			fc.array(step, { maxLength: 900 }),
			(first, steps) => {
				const ring = new Ring(first);
				let pointsMax = first;
				let model: number[] = [];
				let seq = 0;
				for (const step of steps) {
					if (step === "clear") {
						ring.clear();
						model = [];
					} else if (typeof step === "number") {
						pointsMax = step;
						ring.pointsMax = step;
					} else {
						ring.push(point(seq), false);
						model.push(seq++);
					}
					model = model.slice(-pointsMax);
				}
				expect(contents(ring)).toEqual(model);
				expect(ring.seq.length).toBeLessThanOrEqual(2 * 300 * 1.25);
			},
		),
	);
});

it("finds the first point at or after a time", () => {
	const ring = new Ring(10);
	for (let k = 0; k < 25; k++) ring.push(point(k), false);
	const at = (ms: number) => ring.seq[ring.firstAtOrAfter(ms)];
	expect(at(0)).toBe(15);
	expect(at(200)).toBe(20);
	expect(at(201)).toBe(21);
	expect(ring.firstAtOrAfter(241)).toBe(ring.end);
});
