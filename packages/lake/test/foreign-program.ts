/** What another program does to a table that we own: it compacts, or changes it otherwise. */
import type { Catalog } from "../src/catalog/catalog.ts";
import { newSnapshotId, proposeSnapshot } from "../src/table/proposal.ts";
import { readState } from "../src/table/state.ts";

/** A replace commit that changes no row, and none of our properties. */
export async function foreignCompaction(
	catalog: Catalog,
	name: string,
): Promise<void> {
	const { body } = await proposeSnapshot(await readState(catalog, name), {
		id: newSnapshotId(),
		operation: "replace",
		added: [],
		rows: 0n,
		files: 0,
		summary: { "engine-name": "another" },
		properties: {},
	});
	const answer = await catalog.commit(name, body);
	if (answer.outcome !== "committed") throw new Error(JSON.stringify(answer));
}
