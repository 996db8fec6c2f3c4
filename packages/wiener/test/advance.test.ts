import { describe, expect, test } from "vitest";
import type { PathPoint, TickInput } from "../src/index.ts";
import { advance, deviceWords, noise, parseSeed } from "../src/index.ts";
import { bitsOf, readVectors } from "./bits.ts";

interface Vector {
	seed: string;
	tick: TickInput & { deviceId: string; seq: number };
	noise: string;
	bits: { dt: string; increment: string; value: string };
}

describe("every shared path holds bit for bit", () => {
	const paths = new Map<string, Vector[]>();
	for (const vector of readVectors<Vector>("wiener-vectors.jsonl")) {
		const name = `seed ${vector.seed}, ${JSON.stringify(vector.tick.deviceId)}`;
		paths.set(name, [...(paths.get(name) ?? []), vector]);
	}

	test.each([...paths])("%s", (_, path) => {
		let previous: PathPoint | undefined;
		for (const { seed, tick, noise: noiseBits, bits } of path) {
			const z = noise(parseSeed(seed), deviceWords(tick.deviceId), tick.seq);
			expect(bitsOf(z)).toBe(noiseBits);
			const step = advance(previous, tick, z);
			expect(step).toBeDefined();
			const { dt = NaN, increment = NaN, value = NaN } = step ?? {};
			expect({
				seq: tick.seq,
				dt: bitsOf(dt),
				increment: bitsOf(increment),
				value: bitsOf(value),
			}).toEqual({ seq: tick.seq, ...bits });
			previous = { timestamp: tick.timestamp, value };
		}
	});
});

const tick = { timestamp: 2000, drift: 0, volatility: 1 };

test("a first tick starts the path at 0 whatever its noise", () => {
	expect(advance(undefined, tick, Number.NaN)).toEqual({
		dt: 0,
		increment: 0,
		value: 0,
	});
});

test("a jump in time is one step with its real dt", () => {
	const step = advance(
		{ timestamp: 0, value: 1 },
		{ ...tick, timestamp: 9000 },
		2,
	);
	expect(step).toEqual({ dt: 9, increment: 6, value: 7 });
});

test("an increment that is not finite gives undefined", () => {
	const far = { timestamp: 8.64e15, drift: Number.MAX_VALUE, volatility: 0 };
	expect(advance({ timestamp: 0, value: 0 }, far, 1)).toBeUndefined();
});

test("drift and noise that overflow against each other give undefined", () => {
	const both = {
		timestamp: 8.64e15,
		drift: -Number.MAX_VALUE,
		volatility: Number.MAX_VALUE,
	};
	expect(advance({ timestamp: 0, value: 0 }, both, 1)).toBeUndefined();
});

test("a value that is not finite gives undefined though the increment is finite", () => {
	const large = { timestamp: 1000, drift: Number.MAX_VALUE, volatility: 0 };
	const previous = { timestamp: 0, value: Number.MAX_VALUE };
	expect(advance(previous, large, 0)).toBeUndefined();
});
