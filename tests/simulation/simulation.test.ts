/**
 * Runs the whole pipeline thousands of times under seeded faults. A seed that fails is printed. To
 * see what happened in it:
 *
 *     FIREWORKS_SIMULATION_SEED=123 pnpm exec vitest run --project unit \
 *       tests/simulation/simulation
 *
 * FIREWORKS_SIMULATION_SEEDS: the number of seeds. FIREWORKS_SIMULATION_FROM: the first seed.
 */
import { expect, test } from "vitest";
import { type Outcome, simulate } from "./simulation.ts";

const {
	FIREWORKS_SIMULATION_SEED: replay,
	FIREWORKS_SIMULATION_SEEDS: seeds = "2000",
	FIREWORKS_SIMULATION_FROM: from = "1",
} = process.env;
/** A seed takes some 20 ms on a quiet machine, and ten times as much on a busy one. */
const TIMEOUT_MS = 60_000 + 400 * Number(seeds);

const describeFailure = (seed: number, { violation, trace }: Outcome) =>
	`seed ${seed}: ${violation?.message}\nreplay: FIREWORKS_SIMULATION_SEED=${seed}\n${trace.slice(-40).join("\n")}`;

test.runIf(replay !== undefined)(`seed ${replay}`, async () => {
	const outcome = await simulate({ seed: Number(replay) });
	console.log(outcome.trace.join("\n"), outcome.counts);
	expect(outcome.violation).toBeUndefined();
});

test.runIf(replay === undefined)(
	`${seeds} seeds: exactly once at every moment, and all caught up at the end`,
	async () => {
		const started = performance.now();
		const all: Record<string, number> = {};
		for (let i = 0; i < Number(seeds); i++) {
			const seed = Number(from) + i;
			const outcome = await simulate({ seed });
			if (outcome.violation !== undefined)
				expect.fail(describeFailure(seed, outcome));
			const { events, ticks, outputs, processes, counts } = outcome;
			expect(outputs).toBe(ticks);
			for (const [what, n] of Object.entries({
				...counts,
				events,
				ticks,
				processes,
			}))
				all[what] = (all[what] ?? 0) + n;
		}
		const seconds = (performance.now() - started) / 1_000;
		console.log(
			`${seeds} seeds, ${(Number(seeds) / seconds).toFixed(0)} a second:`,
			all,
		);
		// A run without faults proves nothing.
		for (const what of [
			"crash",
			"pause",
			"scale",
			"rebalance",
			"aborted",
			"failure fenced",
			"failure outcome-unknown",
		])
			expect.soft(all[what] ?? 0, what).toBeGreaterThan(Number(seeds) / 50);
	},
	TIMEOUT_MS,
);

test("a seed makes the same run every time", async () => {
	for (const seed of [3, 5, 8]) {
		const [first, second] = [
			await simulate({ seed }),
			await simulate({ seed }),
		];
		expect(second.fingerprint).toBe(first.fingerprint);
		expect(second.events).toBe(first.events);
	}
});
