import { expect } from "vitest";
import type { ClusterSite } from "./site.ts";
import type { Witness } from "./witness.ts";

/**
 * Checks that all parts run, data flows, every event that the witness saw was correct, and so are
 * the topics.
 */
export async function allIsTrue(
	site: ClusterSite,
	witness: Witness,
	withinMs?: number,
): Promise<void> {
	await site.allRunning(withinMs);
	await witness.moves(3, withinMs);
	expect(witness.problems).toEqual([]);
	await site.auditClean();
}
