import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lastLines } from "../../../src/local/last-lines.ts";
import { Follower } from "../../../src/local/logs.ts";
import { LogFile } from "../../../src/local/supervisor/log-file.ts";
import { tempFolder } from "../../support/temp.ts";

const dir = tempFolder();

test("a log stays within its bound, and the newest lines stay", () => {
	const log = new LogFile(join(dir, "bound.log"), { bytesMax: 100, kept: 2 });
	for (let i = 0; i < 100; i += 1) log.write(`line ${i}`);
	log.close();
	const files = readdirSync(dir).filter((f) => f.startsWith("bound"));
	expect(files.sort()).toEqual(["bound.log", "bound.log.1", "bound.log.2"]);
	const sizes = files.map((f) => readFileSync(join(dir, f)).length);
	expect(Math.max(...sizes)).toBeLessThanOrEqual(100);
	const all = ["bound.log.2", "bound.log.1", "bound.log"]
		.flatMap((f) => lastLines(join(dir, f), 1_000))
		.map((line) => Number(line.slice(5)));
	expect(all.at(-1)).toBe(99);
	expect(all).toEqual(all.map((_, i) => (all[0] ?? 0) + i));
});

test("it goes on where an earlier one ended", () => {
	const path = join(dir, "again.log");
	for (const word of ["a", "b"]) {
		const log = new LogFile(path);
		log.write(word);
		log.close();
	}
	expect(lastLines(path, 10)).toEqual(["a", "b"]);
	expect(lastLines(path, 1)).toEqual(["b"]);
	expect(lastLines(path, 0)).toEqual([]);
	expect(lastLines(join(dir, "none.log"), 10)).toEqual([]);
});

test("a follower sees every line once, also those around a rotation", () => {
	const path = join(dir, "follow.log");
	const log = new LogFile(path, { bytesMax: 60, kept: 2 });
	log.write("before");
	const seen: string[] = [];
	const follower = new Follower(path, (line) => seen.push(line));
	const expected: string[] = [];
	for (let i = 0; i < 40; i += 1) {
		log.write(`line ${i}`);
		expected.push(`line ${i}`);
		if (i % 3 === 0) follower.look();
	}
	follower.look();
	log.close();
	expect(seen).toEqual(expected);
});
