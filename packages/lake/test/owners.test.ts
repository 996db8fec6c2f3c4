/** Two owners of one table: one of them writes, the other one is fenced. */
import { expect, test } from "vitest";
import type { CommitAnswer } from "../src/catalog/catalog.ts";
import { FileCatalog } from "../src/catalog/file-catalog.ts";
import { FencedError, openTable } from "../src/index.ts";
import { ParquetWriter } from "../src/parquet/parquet-writer.ts";
import { LakeTable } from "../src/table/lake-table.ts";
import { readState } from "../src/table/state.ts";
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

test.each(["committed", "unknown"] as const)(
	"another owner commits before the answer to a commit: %s",
	async (answer) => {
		const { folder, location } = lakeFolder();
		let overtake: (() => Promise<void>) | undefined;
		class OvertakenCatalog extends FileCatalog {
			override async commit(name: string, body: string): Promise<CommitAnswer> {
				const given = await super.commit(name, body);
				if (overtake === undefined) return given;
				const act = overtake;
				overtake = undefined;
				await act();
				if (answer === "unknown") return { outcome: "unknown", reason: "lost" };
				const table = await this.load(name);
				if (table === undefined) throw new Error("the table is gone");
				return { outcome: "committed", table };
			}
		}
		await (await openTable(location, definition(), owner())).close();
		const catalog = new OvertakenCatalog(folder);
		const { name } = definition();
		const first = new LakeTable(
			catalog,
			name,
			await readState(catalog, name),
			await ParquetWriter.open(),
			owner(),
		);
		overtake = async () => {
			const third = await openTable(location, definition(), owner());
			expect(third.positions).toEqual(new Map([[0, 10]]));
			await third.commit(rowsOf(0, 10, 5), new Map([[0, 15]]));
			await third.close();
		};
		await expect(
			first.commit(rowsOf(0, 0, 10), new Map([[0, 10]])),
		).rejects.toThrow(FencedError);
		await first.close();
		expect(await countRows(location)).toEqual(exactly({ 0: 15 }));
	},
);

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
