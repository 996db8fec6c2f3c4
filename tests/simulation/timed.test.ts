/**
 * Stages with clocks, timers, windows and tables under seeded faults, and the bugs that their
 * checkers must see. FIREWORKS_SIMULATION_SEED replays a seed, FIREWORKS_SIMULATION_SEEDS sets
 * their number.
 */
import { describe, expect, test } from "vitest";
import { broadcastSubject } from "./broadcast-subject.ts";
import { TIMED_BUGS } from "./timed-bugs.ts";
import { timedSubject } from "./timed-checker.ts";
import { simulateTimed } from "./timed-simulation.ts";
import { windowedSubject } from "./windowed-subject.ts";

const {
	FIREWORKS_SIMULATION_SEED: replay,
	FIREWORKS_SIMULATION_SEEDS: seeds = "100",
	FIREWORKS_SIMULATION_FROM: from = "1",
} = process.env;
const TIMEOUT_MS = 60_000 + 400 * Number(seeds);
const BUG_SEEDS_MAX = 100;

const SUBJECTS = [
	["two inputs, a clock and timers", timedSubject],
	["windows", windowedSubject],
	["a broadcast table", broadcastSubject],
] as const;

describe.each(SUBJECTS)("%s", (_, subject) => {
	test.runIf(replay !== undefined)(`seed ${replay}`, async () => {
		const { violation, trace } = await simulateTimed(subject, Number(replay));
		console.log(trace.join("\n"));
		expect(violation).toBeUndefined();
	});

	test.runIf(replay === undefined)(
		`${seeds} seeds: each record exactly once`,
		async () => {
			const all: Record<string, number> = {};
			for (let i = 0; i < Number(seeds); i++) {
				const seed = Number(from) + i;
				const { violation, counts, outputs, trace } = await simulateTimed(
					subject,
					seed,
				);
				if (violation !== undefined)
					expect.fail(
						`seed ${seed}: ${violation.message}\n${trace.slice(-40).join("\n")}`,
					);
				for (const [what, n] of Object.entries({ ...counts, outputs }))
					all[what] = (all[what] ?? 0) + n;
			}
			console.log(all);
			for (const what of ["crash", "pause", "failure outcome-unknown"])
				expect.soft(all[what] ?? 0, what).toBeGreaterThan(Number(seeds) / 50);
		},
		TIMEOUT_MS,
	);
});

const CRASHES = { network: 200, crash: 2_000, pause: 0 };

describe("the simulation sees", () => {
	test.each(Object.entries(TIMED_BUGS))(
		"%s",
		async (_, { subject, plant, seenBy }) => {
			for (let seed = 1; seed <= BUG_SEEDS_MAX; seed++) {
				const { violation } = await simulateTimed(subject, seed, {
					plant,
					weights: CRASHES,
				});
				if (violation?.check === seenBy) {
					console.log(`seen in seed ${seed}`);
					return;
				}
			}
			expect.fail(`not seen in ${BUG_SEEDS_MAX} seeds`);
		},
		300_000,
	);
});
