/** Many small commits leave few files, and no file goes while a snapshot or a reader needs it. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
	type LakeLocation,
	type MaintenanceSettings,
	openReader,
	openTable,
	type TableSnapshot,
} from "../src/index.ts";
import { countRows, exactly } from "./exact-rows.ts";
import { lakeFolder, owner, query } from "./lake-folder.ts";
import { definition, rowsOf } from "./rows.ts";

const ROWS = 20;

async function snapshotOf(location: LakeLocation): Promise<TableSnapshot> {
	const snapshot = await openReader(location).snapshot("measurements");
	if (snapshot === undefined) throw new Error("there is no table");
	return snapshot;
}

/** A clock that stands still until it is set. */
const clock = () => {
	const state = { now: Date.now() };
	return { state, settings: { now: () => state.now } };
};

/** A table with this many commits of 20 rows, each followed by maintain. */
async function commits(
	location: LakeLocation,
	count: number,
	maintenance: Partial<MaintenanceSettings>,
) {
	const table = await openTable(location, definition(), owner({ maintenance }));
	const first = table.positions.get(0) ?? 0;
	let deleted = 0;
	for (let commit = 0; commit < count; commit += 1) {
		const from = first + commit * ROWS;
		await table.commit(rowsOf(0, from, ROWS), new Map([[0, from + ROWS]]));
		deleted += (await table.maintain()).filesDeleted;
	}
	return { table, deleted, rows: first + count * ROWS };
}

/** All files of a table, without those of the catalog. */
function filesIn(folder: string): string[] {
	const root = join(folder, "fireworks-files");
	return readdirSync(root, { recursive: true, encoding: "utf8" })
		.map((name) => join(root, name))
		.filter((path) => statSync(path).isFile());
}

test("300 commits: few files, little metadata, every row", async () => {
	const { folder, location } = lakeFolder();
	const { table, rows } = await commits(location, 300, { graceMs: 0 });
	await table.close();
	expect(await countRows(location)).toEqual(exactly({ 0: rows }));
	const snapshot = await snapshotOf(location);
	expect(snapshot.files.length).toBeLessThan(60);
	expect(snapshot.snapshots).toBe(20);
	// Those of the last 20 snapshots are still there.
	expect(filesIn(folder).length).toBeLessThan(200);
	const metadata = join(folder, "fireworks/measurements/metadata");
	const versions = readdirSync(metadata).filter((name) =>
		name.endsWith(".json"),
	);
	expect(versions.length).toBe(21);
	for (const name of versions)
		expect(statSync(join(metadata, name)).size).toBeLessThan(40_000);
});

test("a reader can read its snapshot until the grace time is over", async () => {
	const { location } = lakeFolder();
	const { state, settings } = clock();
	const { table, rows } = await commits(location, 30, settings);
	const old = await snapshotOf(location);
	const sql = `SELECT count(*)::INT n FROM ${openReader(location).relation(old)}`;
	let position = rows;
	const commit = async () => {
		position += ROWS;
		await table.commit(
			rowsOf(0, position - ROWS, ROWS),
			new Map([[0, position]]),
		);
		return table.maintain();
	};
	for (let count = 0; count < 60; count += 1)
		expect((await commit()).filesDeleted).toBe(0);
	expect(await query(sql)).toEqual([{ n: rows }]);
	state.now += 9 * 60_000;
	await commit();
	expect(await query(sql)).toEqual([{ n: rows }]);
	state.now += 2 * 60_000;
	expect((await commit()).filesDeleted).toBeGreaterThan(60);
	await table.close();
	expect(old.files.some(({ path }) => !existsSync(path))).toBe(true);
	expect(await countRows(location)).toEqual(exactly({ 0: position }));
});

test("every snapshot that is kept can be read, whatever was deleted", async () => {
	const { location } = lakeFolder();
	const { table } = await commits(location, 150, {
		graceMs: 0,
		planEveryCommits: 7,
	});
	await table.close();
	const { catalog } = location;
	if (catalog.kind !== "files") throw new Error("a folder was expected");
	const { FileCatalog } = await import("../src/catalog/file-catalog.ts");
	const { readManifestList } = await import("../src/iceberg/manifest-list.ts");
	const { readLiveEntries } = await import("../src/iceberg/live-entries.ts");
	const { readUri, pathOf } = await import("../src/storage/files.ts");
	const loaded = await new FileCatalog(catalog.folder).load("measurements");
	const totals: number[] = [];
	for (const snapshot of loaded?.metadata.snapshots ?? []) {
		let rows = 0;
		for (const manifest of await readManifestList(
			await readUri(snapshot["manifest-list"]),
		))
			for (const { data_file } of await readLiveEntries(manifest)) {
				expect(existsSync(pathOf(data_file.file_path))).toBe(true);
				rows += Number(data_file.record_count);
			}
		totals.push(rows);
		expect(snapshot.summary["total-records"]).toBe(String(rows));
	}
	expect(totals.length).toBe(20);
	expect(totals.at(-1)).toBe(150 * ROWS);
});

test("files of a commit that was never made go by their age", async () => {
	const { folder, location } = lakeFolder();
	const { table } = await commits(location, 5, {});
	await table.close();
	const { writeFile, utimes } = await import("node:fs/promises");
	const [data = ""] = filesIn(folder).filter((path) =>
		path.endsWith(".parquet"),
	);
	const orphan = `${data}-orphan.parquet`;
	const young = `${data}-young.parquet`;
	const temporary = join(folder, "fireworks/measurements/metadata/.x.tmp");
	for (const path of [orphan, young, temporary]) await writeFile(path, "x");
	const yesterday = Date.now() / 1000 - 25 * 3600;
	// Those of the table too: they are not orphans, however old they are.
	for (const path of filesIn(folder))
		if (path !== young) await utimes(path, yesterday, yesterday);
	await utimes(temporary, yesterday, yesterday);
	const { table: again, rows } = await commits(location, 1, { graceMs: 0 });
	await again.close();
	expect([orphan, young, temporary].map((path) => existsSync(path))).toEqual([
		false,
		true,
		false,
	]);
	expect(await countRows(location)).toEqual(exactly({ 0: rows }));
});

test("a partition without new rows becomes one file", async () => {
	const { location } = lakeFolder();
	const { state, settings } = clock();
	const { table, rows } = await commits(location, 5, settings);
	expect((await snapshotOf(location)).files.length).toBe(5);
	state.now += 11 * 60_000;
	expect((await table.maintain()).filesRewritten).toBe(5);
	await table.close();
	const { files } = await snapshotOf(location);
	expect(files.map((file) => file.rows)).toEqual([rows]);
});
