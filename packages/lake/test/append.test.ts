/** Rows go in by commits, and come out by the reader's relation. */
import { expect, test } from "vitest";
import { openReader, openTable } from "../src/index.ts";
import { lakeFolder, owner, query } from "./lake-folder.ts";
import { definition, rowsOf, START } from "./rows.ts";

test("rows and positions of several commits are read back", async () => {
	const { location } = lakeFolder();
	const table = await openTable(location, definition(), owner());
	expect(table.positions).toEqual(new Map());
	await table.commit(rowsOf(0, 0, 5_000), new Map([[0, 5_000]]));
	const { files } = await table.commit(
		rowsOf(1, 3_000, 1_000),
		new Map([[1, 4_000]]),
	);
	expect(files).toBe(2);
	await table.close();

	const reader = openReader(location);
	expect(await reader.list()).toEqual(["measurements"]);
	const snapshot = await reader.snapshot("measurements");
	if (snapshot === undefined) throw new Error("there is no table");
	expect(snapshot.positions).toEqual(
		new Map([
			[0, 5_000],
			[1, 4_000],
		]),
	);
	expect(snapshot.rows).toBe(6_000);
	expect(snapshot.files.length).toBe(4);
	expect(snapshot.files.map(({ timeMin }) => timeMin)).toContain(
		Number(START / 1000n),
	);
	const sql = `SELECT kafka_partition p, count(*) n, count(DISTINCT kafka_offset) d, min(time)::VARCHAR t, sum(value) v FROM ${reader.relation(snapshot)} GROUP BY 1 ORDER BY 1`;
	expect(await query(sql)).toEqual([
		{ p: 0, n: "5000", d: "5000", t: "2026-01-01 00:00:00+00", v: 1562187.5 },
		{ p: 1, n: "1000", d: "1000", t: "2026-01-01 00:50:00+00", v: 437437.5 },
	]);
});
