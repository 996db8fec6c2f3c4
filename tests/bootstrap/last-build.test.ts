/** A failed build of the services keeps the last good one. */
import { execFileSync, spawnSync } from "node:child_process";
import {
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "fireworks-build-"));
	mkdirSync(join(folder, "one/src"), { recursive: true });
	mkdirSync(join(folder, "two/src"), { recursive: true });
	// The folder where the build finds the libraries that it puts into separate files.
	symlinkSync(join(ROOT, "packages"), join(folder, "packages"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const source = (root: string, text: string) =>
	writeFileSync(join(folder, root, "src/main.ts"), text);
const build = () =>
	spawnSync(process.execPath, [join(ROOT, "scripts/build.ts"), "one", "two"], {
		cwd: folder,
		encoding: "utf8",
	});
const run = (root: string) =>
	execFileSync(process.execPath, [join(folder, root, "dist/main.js")], {
		encoding: "utf8",
	}).trim();

test("one of two does not compile: both stay as they were, and nothing half is left", () => {
	source("one", "console.log('first')");
	source("two", "console.log('first')");
	expect(build().status).toBe(0);
	const files = readdirSync(join(folder, "one/dist")).sort();
	source("one", "console.log('second')");
	source("two", "not TypeScript {");
	const before = readFileSync(join(folder, "one/dist/main.js"), "utf8");
	expect(build().status).not.toBe(0);
	expect(readFileSync(join(folder, "one/dist/main.js"), "utf8")).toBe(before);
	expect([run("one"), run("two")]).toEqual(["first", "first"]);
	source("two", "console.log('second')");
	expect(build().status).toBe(0);
	expect([run("one"), run("two")]).toEqual(["second", "second"]);
	expect(readdirSync(join(folder, "one/dist")).sort()).toEqual(files);
});
