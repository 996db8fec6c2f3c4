/** The metadata files of a table: one of several writers succeeds, also one that was paused. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Versions } from "../src/catalog/versions.ts";
import { lakeFolder } from "./lake-folder.ts";

async function versions() {
	const { folder } = lakeFolder();
	const open = () => new Versions(folder, (text) => text);
	const first = open();
	expect(await first.newest()).toBeUndefined();
	expect(await first.add(undefined, 1, "one")).toBe(true);
	return { folder, open, first };
}

test("of two writers on one version, one succeeds", async () => {
	const { open, first } = await versions();
	const base = await first.newest();
	const outcomes = await Promise.all([
		first.add(base, 2, "a"),
		open().add(base, 2, "b"),
	]);
	expect(outcomes.sort()).toEqual([false, true]);
	expect(["a", "b"]).toContain((await open().newest())?.content);
});

test("a paused writer finds the next version deleted: it does not succeed", async () => {
	const { open, first } = await versions();
	const paused = await first.newest();
	const other = open();
	for (let number = 2; number <= 9; number += 1)
		expect(await other.add(await other.newest(), number, `v${number}`)).toBe(
			true,
		);
	await other.removeBefore(7);
	expect(await first.add(paused, 2, "from long ago")).toBe(false);
	for (const reader of [first, other, open()])
		expect((await reader.newest())?.content).toBe("v9");
});

test.each(["", "x", "1", "99"])(
	"the hint says %j: the newest version is found",
	async (hint) => {
		const { folder, open, first } = await versions();
		for (let number = 2; number <= 5; number += 1)
			await first.add(await first.newest(), number, `v${number}`);
		writeFileSync(join(folder, "version-hint.text"), hint);
		for (const reader of [first, open()])
			expect((await reader.newest())?.content).toBe("v5");
	},
);
