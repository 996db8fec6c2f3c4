/**
 * Writers that are killed or paused at any point of any commit, one after the other, each with
 * another definition of the stream: every record is once in the table or once among the refused
 * ones. The log is in memory, the tables are real.
 */
import { FencedError, type OpenTable, openTable } from "@fireworks/lake";
import { expect, test } from "vitest";
import { lakeWorld, withCommits } from "./world.ts";

const LIVES = 10;
const RECORDS_PER_LIFE = 40;
/** A life ends in one of so many calls of commit. */
const COMMITS_MAX = 6;

class Killed extends Error {}

/**
 * The process dies or stands still in the nth commit, before or after it took effect. A process
 * that is dead commits nothing any more.
 */
function failing(
	fate: { at: number; what: "before" | "after" | "pause" },
	died: () => void,
	resumed: Promise<void>,
): OpenTable {
	let commits = 0;
	let dead = false;
	const alive = () => {
		if (dead) throw new Killed();
	};
	const die = () => {
		dead = true;
		died();
	};
	return withCommits((table) => async (rows, positions) => {
		alive();
		const isLast = ++commits === fate.at;
		if (isLast && fate.what === "before") die();
		if (isLast && fate.what === "pause") {
			died();
			await resumed;
		}
		alive();
		const committed = await table.commit(rows, positions);
		if (isLast && fate.what === "after") die();
		alive();
		return committed;
	});
}

/** Each finds any of the three rules of refused-records.ts left out. */
test.each([2, 3])("seed %d", { timeout: 240_000 }, async (seed) => {
	const world = await lakeWorld(seed);
	const { random, append, write, complete, places, expected } = world;
	const paused: { resume(): void; ended: Promise<unknown> }[] = [];
	const appended: Promise<void>[] = [];
	for (let life = 0; life < LIVES; life++) {
		await append(RECORDS_PER_LIFE);
		const died = Promise.withResolvers<void>();
		const resumed = Promise.withResolvers<void>();
		const what = random.pick(["before", "after", "pause"] as const);
		const fate = { at: random.between(1, COMMITS_MAX), what };
		const open = failing(fate, died.resolve, resumed.promise);
		const writer = write(open, life % 2);
		const more = append(RECORDS_PER_LIFE);
		appended.push(more);
		// One that commits everything before its time has come is stopped. One that went on late
		// can have fenced this one.
		await Promise.race([died.promise, more.then(complete), writer.ended]);
		if (what === "pause")
			paused.push({ resume: resumed.resolve, ended: writer.ended });
		writer.stop.abort();
		if (what !== "pause") await writer.ended;
		// It goes on after its successors have written.
		if (paused.length > 1) paused.shift()?.resume();
	}
	for (const one of paused) one.resume();
	for (const { ended } of paused) {
		const error = await ended;
		if (error !== undefined) expect(error).toBeInstanceOf(FencedError);
	}
	const last = write(openTable, LIVES % 2);
	await Promise.all(appended);
	await complete();
	last.stop.abort();
	expect(await last.ended).toBeUndefined();
	expect((await places()).sort()).toEqual(expected.sort());
	expect(last.budget.bytes).toBe(0);
});

test("a writer that stood still cannot write rows that its successor is about to refuse", async () => {
	const { append, write, complete, places, expected } = await lakeWorld(5);
	await append(40);
	const inCommit = Promise.withResolvers<void>();
	const goOn = Promise.withResolvers<void>();
	// It takes numbers too, and stands still in its first commit of rows.
	const still = write(
		withCommits((table) => async (rows, positions) => {
			if (rows.count > 0) {
				inCommit.resolve();
				await goOn.promise;
			}
			return table.commit(rows, positions);
		}),
		1,
	);
	await inCommit.promise;
	still.stop.abort();
	// Its successor refuses numbers, and the first one goes on just before it writes them down.
	const next = write(
		withCommits((table) => async (rows, positions) => {
			if (rows.count > 0) {
				goOn.resolve();
				await still.ended;
			}
			return table.commit(rows, positions);
		}),
		0,
	);
	await complete();
	next.stop.abort();
	expect(await still.ended).toBeInstanceOf(FencedError);
	expect(await next.ended).toBeUndefined();
	expect((await places()).sort()).toEqual(expected.sort());
});
