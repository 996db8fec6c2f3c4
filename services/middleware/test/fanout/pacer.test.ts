/** When a batch goes out: which partitions it waits for after a quiet interval, and how long. */

import { FakeClock } from "@fireworks/time/fake";
import { expect, test } from "vitest";
import { Pacer } from "../../src/fanout/pacer.ts";

test("partitions that arrived together last time are sent together, and are not waited for long", () => {
	const clock = new FakeClock();
	const flushedMs: number[] = [];
	const pacer = new Pacer(clock, 50, (done) => {
		flushedMs.push(clock.monotonicMs());
		done(false);
	});
	const burst = (...partitions: [number, number][]): number[] => {
		clock.advance(1_000);
		flushedMs.length = 0;
		const begun = clock.monotonicMs();
		for (const [partition, atMs] of partitions) {
			clock.advance(begun + atMs - clock.monotonicMs());
			pacer.notify(partition);
			clock.settle();
		}
		clock.advance(200);
		return flushedMs.map((ms) => ms - begun);
	};
	// No earlier burst is known yet.
	expect(burst([0, 0], [1, 5], [2, 12])).toEqual([0, 50]);
	expect(burst([2, 0], [0, 5], [1, 12])).toEqual([12]);
	// One of them stays away, and is not waited for the next time.
	expect(burst([0, 0], [2, 12])).toEqual([30]);
	expect(burst([2, 0], [0, 3])).toEqual([3]);
	// Records that come one by one wait for no other partition.
	expect(burst([0, 0])).toEqual([30]);
	expect(burst([2, 0])).toEqual([0]);
	expect(burst([1, 0], [1, 10])).toEqual([0, 50]);
});
