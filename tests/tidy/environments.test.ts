/**
 * docs/operate/environments.md lists what was tried where. Every row names an existing test, or says why it
 * was not run.
 */
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Row {
	environment: string;
	test: string;
}

const rows: Row[] = readFileSync("docs/operate/environments.md", "utf8")
	.split("\n")
	.filter((line) => line.startsWith("| ") && !line.startsWith("| environment"))
	.map((line) => {
		const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
		return { environment: cells[1] ?? "", test: cells[3] ?? "" };
	});

test("there are rows", () => {
	expect(rows.length).toBeGreaterThan(20);
});

test.each(rows)("$environment", ({ test: cell }) => {
	if (cell.startsWith("not run: ")) {
		expect(cell.length).toBeGreaterThan("not run: ".length + 10);
		return;
	}
	const [, path = "", name = ""] = /^`([^`]+)`(?:: "(.+)")?$/.exec(cell) ?? [];
	expect(existsSync(path), `${path}, named in the table, is not there`).toBe(
		true,
	);
	// Not toContain: its message would be the whole file.
	const found = name === "" || readFileSync(path, "utf8").includes(name);
	expect(found, `${path} has no test "${name}"`).toBe(true);
});
