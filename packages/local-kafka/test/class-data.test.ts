import {
	mkdirSync,
	mkdtempSync,
	readdirSync,
	rmSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { classData, classDataDir } from "../src/class-data.ts";

const java = {
	path: "/j/bin/java",
	home: "/j",
	version: "17",
	major: 17,
	locale: "C.UTF-8",
};
let cache: string;
beforeEach(() => {
	cache = mkdtempSync(join(tmpdir(), "class-data-"));
});
afterEach(() => rmSync(cache, { recursive: true }));

const look = () => classData(cache, "jars", java, "a.jar");
const names = () => readdirSync(classDataDir(cache));
/** The file that a flag names, as the JVM sees it through its link `jars`. */
const fileOf = (flags: readonly string[], flag: string) =>
	flags
		.find((one) => one.startsWith(`-XX:${flag}=jars/class-data/`))
		?.split("/")
		.at(-1) ?? "";

function written(bytes: number): string {
	const first = look();
	const part = fileOf(first.flags, "ArchiveClassesAtExit");
	writeFileSync(join(classDataDir(cache), part), Buffer.alloc(bytes, "x"));
	first.keep();
	return names()[0] ?? "";
}

test("the JVM's archive gets its name at a clean stop, and is used from then on", () => {
	const name = written(5_000);
	expect(name).toMatch(/-5000\.jsa$/);
	expect(fileOf(look().flags, "SharedArchiveFile")).toBe(name);
});

test("a JVM that was killed leaves no archive, and its file is removed once it is old", () => {
	const part = fileOf(look().flags, "ArchiveClassesAtExit");
	const file = join(classDataDir(cache), part);
	writeFileSync(file, "half");
	expect(fileOf(look().flags, "SharedArchiveFile")).toBe("");
	expect(names()).toEqual([part]);
	const old = new Date(Date.now() - 7_200_000);
	utimesSync(file, old, old);
	look();
	expect(names()).toEqual([]);
});

test("an archive that was cut off is removed: a JVM would crash on it", () => {
	const name = written(5_000);
	writeFileSync(join(classDataDir(cache), name), "cut off");
	expect(fileOf(look().flags, "SharedArchiveFile")).toBe("");
	expect(names()).toEqual([]);
});

test("an archive with which the broker did not come up is not used again", () => {
	written(5_000);
	look().discard();
	expect(names()).toEqual([]);
});

test("the broker starts even without a folder that it can write to", () => {
	rmSync(cache, { recursive: true });
	writeFileSync(cache, "a file in the place of the cache");
	expect(look().flags).toContain("-Xshare:auto");
	rmSync(cache);
	mkdirSync(cache);
});
