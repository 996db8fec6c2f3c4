/**
 * Idempotency-Keys of services/ingest under seeded faults, and a bug that the check must see.
 * FIREWORKS_SIMULATION_SEED replays a seed, FIREWORKS_SIMULATION_SEEDS sets their number.
 */
import { expect, test } from "vitest";
import type { Log } from "../../packages/streams/src/log.ts";
import { KeyBook } from "../../services/ingest/src/keys/key-book.ts";
import { type Planted, simulateKeyed } from "./keyed-simulation.ts";

const {
	FIREWORKS_SIMULATION_SEED: replay,
	FIREWORKS_SIMULATION_SEEDS: seeds = "100",
	FIREWORKS_SIMULATION_FROM: from = "1",
} = process.env;
const TIMEOUT_MS = 60_000 + 400 * Number(seeds);

test.runIf(replay !== undefined)(`seed ${replay}`, async () => {
	const { violation, counts } = await simulateKeyed(Number(replay));
	console.log(counts);
	expect(violation).toBeUndefined();
});

test.runIf(replay === undefined)(
	`${seeds} seeds: every request once, and every client answered`,
	async () => {
		const all: Record<string, number> = {};
		for (let i = 0; i < Number(seeds); i++) {
			const seed = Number(from) + i;
			const { violation, counts } = await simulateKeyed(seed);
			if (violation !== undefined) expect.fail(`seed ${seed}: ${violation}`);
			for (const [what, n] of Object.entries(counts))
				all[what] = (all[what] ?? 0) + n;
		}
		console.log(all);
		for (const what of ["crash", "pause", "repeated", "failure fenced"])
			expect.soft(all[what] ?? 0, what).toBeGreaterThan(Number(seeds) / 50);
	},
	TIMEOUT_MS,
);

/** Knows only the answers of its own process, not those of one that it has taken over. */
class Forgetful extends KeyBook {
	override takeRequests(records: Parameters<KeyBook["takeRequests"]>[0]): void {
		super.takeRequests(records.filter(({ key }) => key === null));
	}
}

/** No session ends the one before. */
let producers = 0;
const unfenced = (log: Log): Log => ({
	...log,
	transactionalProducer: (id, timeoutMs) =>
		log.transactionalProducer(`${id}-${producers++}`, timeoutMs),
});

test.each<[string, Planted]>([
	["the answers of others are forgotten", { book: (c) => new Forgetful(c) }],
	["sessions do not fence each other", { log: unfenced }],
])("planted: %s, and requests are written twice", async (_bug, planted) => {
	const violations: string[] = [];
	for (let seed = 1; seed <= 100 && violations.length === 0; seed++) {
		const { violation } = await simulateKeyed(seed, planted);
		if (violation?.includes("twice")) violations.push(violation);
	}
	expect(violations).toHaveLength(1);
});
