/** The law: every valid record is in exactly its windows once, or was reported late once. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { hopping, session, tumbling, type Window } from "../../src/index.ts";
import { Executor } from "./executor.ts";
import { type Result, summed } from "./window-operators.ts";

const windows: fc.Arbitrary<Window> = fc.oneof(
	fc.integer({ min: 1, max: 20 }).map(tumbling),
	fc
		.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }))
		.map(([a, b]) => hopping(Math.max(a, b), Math.min(a, b))),
	fc.integer({ min: 1, max: 20 }).map(session),
);
const records = fc.array(
	fc.record({
		key: fc.constantFrom("a", "b", "c"),
		at: fc.integer({ min: -100, max: 100 }),
	}),
	{ maxLength: 60 },
);

interface Late {
	value: { id: number };
	windows: { start: number; end: number }[];
}

/** Number of windows that contain a time. */
function covering(window: Window, time: number): number {
	if (window.kind === "session") return 1;
	const { sizeMs, advanceMs } = window;
	let n = 0;
	for (let start = -200; start <= 200; start++)
		if (start % advanceMs === 0 && start <= time && time < start + sizeMs) n++;
	return n;
}

test("every record is in exactly its windows once, or reported late once", () => {
	fc.assert(
		fc.property(
			windows,
			fc.integer({ min: 0, max: 30 }),
			records,
			(window, grace, given) => {
				const executor = new Executor(summed(window, grace));
				executor.give(
					...given.map(({ key, at }, id) => ({
						key,
						at,
						value: { id, amount: 1 },
					})),
				);
				executor.advance(10_000);
				const all = executor.values() as Result[];
				const late = executor.values("late") as Late[];
				expect(late.length).toBe(executor.counts.get("late") ?? 0);
				given.forEach(({ key, at }, id) => {
					const inside = all.filter(({ ids }) => ids.includes(id));
					for (const one of inside) {
						expect(one.key).toBe(key);
						expect(one.start <= at && at < one.end).toBe(true);
						expect(one.ids.filter((other) => other === id)).toHaveLength(1);
					}
					const reports = late.filter(({ value }) => value.id === id);
					expect(reports.length).toBeLessThanOrEqual(1);
					const missed = reports[0]?.windows ?? [];
					for (const one of missed)
						expect(inside.every(({ start }) => start !== one.start)).toBe(true);
					expect(inside.length + missed.length).toBe(covering(window, at));
				});
				// A window has one result, and sessions of a key are apart.
				const seen = new Set(all.map(({ key, start }) => `${key} ${start}`));
				expect(seen.size).toBe(all.length);
				expect(executor.states.size + executor.timers.size).toBe(0);
			},
		),
		{ numRuns: 300 },
	);
});

test("the result does not depend on how the records are ordered within the grace", () => {
	fc.assert(
		fc.property(windows, records, (window, given) => {
			const run = (order: typeof given) => {
				const executor = new Executor(summed(window, 1_000));
				executor.give(
					...order.map((one) => ({
						...one,
						value: { id: given.indexOf(one), amount: 1 },
					})),
				);
				return (executor.advance(10_000).values() as Result[])
					.map((one) => JSON.stringify(one))
					.sort();
			};
			expect(run(given.toReversed())).toEqual(run(given));
		}),
	);
});
