import { expect, test } from "vitest";
import { COMMIT_MS, lakeWorld, withCommits } from "./world.ts";

const RECORDS = 600;
const BYTES_MAX = 20_000;
/** More than a record takes in the buffer. */
const RECORD_BYTES = 500;

test("while nothing can be committed, what waits in memory is bounded; then all of it arrives", async () => {
	const { append, write, complete, places, expected } = await lakeWorld(1);
	await append(RECORDS);
	const stuck = Promise.withResolvers<void>();
	const free = Promise.withResolvers<void>();
	let peak = 0;
	const open = withCommits((table) => async (rows, positions) => {
		if (rows.count > 0 && table.name === "readings") {
			stuck.resolve();
			await free.promise;
		}
		return table.commit(rows, positions);
	});
	const { stop, ended, budget } = write(open, 1, BYTES_MAX);
	await stuck.promise;
	while (!budget.full)
		await new Promise((resolve) => setTimeout(resolve, COMMIT_MS));
	// The reader has time for all the rest, if nothing held it back.
	for (let i = 0; i < 20; i++) {
		await new Promise((resolve) => setTimeout(resolve, COMMIT_MS));
		peak = Math.max(peak, budget.bytes);
	}
	expect(peak).toBeLessThan(BYTES_MAX + RECORD_BYTES);
	free.resolve();
	await complete();
	stop.abort();
	expect(await ended).toBeUndefined();
	expect((await places()).sort()).toEqual(expected.sort());
	expect(budget.bytes).toBe(0);
});
