/** Two owners of one table: one of them writes, the other one is fenced. */
import { expect, test } from "vitest";
import { FencedError, openTable } from "../src/index.ts";
import { countRows, exactly } from "./exact-rows.ts";
import { lakeFolder, owner } from "./lake-folder.ts";
import { definition, rowsOf } from "./rows.ts";

test("the owner that commits second is fenced", async () => {
	const { location } = lakeFolder();
	const first = await openTable(location, definition(), owner());
	const second = await openTable(location, definition(), owner());
	await second.commit(rowsOf(0, 0, 10), new Map([[0, 10]]));
	await expect(
		first.commit(rowsOf(0, 0, 20), new Map([[0, 20]])),
	).rejects.toThrow(FencedError);
	await second.commit(rowsOf(0, 10, 10), new Map([[0, 20]]));
	await first.close();
	await second.close();
	expect(await countRows(location)).toEqual(exactly({ 0: 20 }));
});

test("an owner is fenced also by a commit that moves no position", async () => {
	const { location } = lakeFolder();
	const first = await openTable(location, definition(), owner());
	const second = await openTable(location, definition(), owner());
	await second.commit(rowsOf(0, 0, 0), new Map());
	await expect(
		first.commit(rowsOf(0, 0, 20), new Map([[0, 20]])),
	).rejects.toThrow(FencedError);
	await first.close();
	await second.close();
});

test("an owner that was paused for longer than old metadata is kept is fenced", async () => {
	const { location } = lakeFolder();
	const first = await openTable(location, definition(), owner());
	await first.commit(rowsOf(0, 0, 10), new Map([[0, 10]]));
	const second = await openTable(location, definition(), owner());
	for (let from = 10; from < 310; from += 10)
		await second.commit(rowsOf(0, from, 10), new Map([[0, from + 10]]));
	await expect(
		first.commit(rowsOf(0, 10, 20), new Map([[0, 30]])),
	).rejects.toThrow(FencedError);
	await first.close();
	await second.close();
	expect(await countRows(location)).toEqual(exactly({ 0: 310 }));
});

test("a topic that was made again gets a table of its own, and fences the owner of the old one", async () => {
	const { location } = lakeFolder();
	const old = await openTable(location, definition(), owner());
	await old.commit(rowsOf(0, 0, 10), new Map([[0, 10]]));
	const renewed = await openTable(
		location,
		definition({ topicId: "topic-2" }),
		owner(),
	);
	expect(renewed.positions).toEqual(new Map());
	await renewed.commit(rowsOf(0, 0, 3), new Map([[0, 3]]));
	await expect(
		old.commit(rowsOf(0, 10, 10), new Map([[0, 20]])),
	).rejects.toThrow(FencedError);
	await old.close();
	await renewed.close();
	const third = await openTable(
		location,
		definition({ topicId: "topic-3" }),
		owner(),
	);
	await third.commit(rowsOf(0, 0, 4), new Map([[0, 4]]));
	await third.close();
	expect(await countRows(location)).toEqual(exactly({ 0: 4 }));
	expect(await countRows(location, "measurements__1")).toEqual(
		exactly({ 0: 10 }),
	);
	expect(await countRows(location, "measurements__2")).toEqual(
		exactly({ 0: 3 }),
	);
});
