/**
 * Tests the checkers: each planted bug must be found, by the checker made for it, within a bounded
 * number of seeds.
 */
import { describe, expect, test } from "vitest";
import { PLANTED_BUGS } from "./planted-bugs.ts";
import { simulate } from "./simulation.ts";

const SEEDS_MAX = 600;

describe("the simulation sees", () => {
	for (const [name, { plant, seenBy, weights }] of Object.entries(
		PLANTED_BUGS,
	)) {
		test(name, async () => {
			for (let seed = 1; seed <= SEEDS_MAX; seed++) {
				const { violation } = await simulate({
					seed,
					plant,
					weights,
					...(seenBy === "joins" ? {} : { ignore: "joins" }),
				});
				if (violation?.check === seenBy) return;
			}
			expect.fail(`not seen in ${SEEDS_MAX} seeds`);
		}, 300_000);
	}

	test("nothing where there is no bug, under the same faults", async () => {
		for (const { weights } of Object.values(PLANTED_BUGS))
			for (let seed = 1; seed <= 25; seed++)
				expect((await simulate({ seed, weights })).violation).toBeUndefined();
	}, 300_000);
});
