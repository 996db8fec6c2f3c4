/** DuckDB reads rows, and their lines are found, also when a file is read again after a failure. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openFile } from "../../src/read/open-file.ts";

const folder = mkdtempSync(join(tmpdir(), "fireworks-open-file-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("rows, lines and rows left out are the same in a second reading", async () => {
	const path = join(folder, "twice.csv");
	writeFileSync(path, 'id,v\na,1\n"b\nc",2\nx,y,z\n\nd,3\nfew\ne,4\n');
	const file = await openFile(path);
	const read = async (skip: number) => {
		const rows: unknown[] = [];
		let row = skip;
		for await (const { count, values } of file.rows(skip))
			for (let i = 0; i < count; i++)
				rows.push([await file.lineOf(row++), values[0]?.[i]]);
		const leftOut = await file.leftOut();
		return { rows, leftOut: leftOut.map(({ line, text }) => [line, text]) };
	};
	const first = await read(0);
	expect(first).toEqual({
		rows: [
			[2, "a"],
			[3, "b\nc"],
			[7, "d"],
			[9, "e"],
		],
		leftOut: [
			[5, "x,y,z"],
			[8, "few"],
		],
	});
	expect(await read(0)).toEqual(first);
	const { rows, leftOut } = await read(2);
	expect([rows, leftOut]).toEqual([first.rows.slice(2), first.leftOut]);
	await file.close();
});
