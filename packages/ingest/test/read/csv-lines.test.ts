import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { csvLines, linesAt } from "../../src/read/csv-lines.ts";

const folder = mkdtempSync(join(tmpdir(), "fireworks-csv-lines-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const fileOf = (text: string): string => {
	const path = join(folder, "file.csv");
	writeFileSync(path, text);
	return path;
};
const rows = async (text: string, header = true) => {
	const lines: number[] = [];
	for await (const line of csvLines(fileOf(text), ",", 2, header))
		lines.push(line);
	return lines;
};

test("a row's line: after the header, over quoted line ends, empty lines and rows left out", async () => {
	const text = 'a,b\r\n1,2\r\n"x\r\ny, ""z""",2\r\n\r\n1,2,3\r\n1\r\n3,4';
	expect(await rows(text)).toEqual([2, 3, 8]);
	expect(await rows("1,2\n3,4\n", false)).toEqual([1, 2]);
});

test("the lines of bytes, also across the blocks of a large file", async () => {
	const line = `${"x".repeat(99)}\n`;
	const path = fileOf(line.repeat(2_000));
	expect(await linesAt(path, [1, 100, 101, 150_001, 150_001, 199_901])).toEqual(
		[1, 1, 2, 1_501, 1_501, 2_000],
	);
	expect(await linesAt(path, [])).toEqual([]);
});
