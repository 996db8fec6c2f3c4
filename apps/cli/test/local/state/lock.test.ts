import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lockOwner, takeLock } from "../../../src/local/state/lock.ts";
import { identify } from "../../../src/process/identity.ts";
import { tempFolder } from "../../support/temp.ts";

const dir = tempFolder();

test("one holder; released, it is free", () => {
	const file = join(dir, "a", "lock");
	const first = takeLock(file);
	expect(first.held).toBe(true);
	const second = takeLock(file);
	expect(second).toEqual({ held: false, owner: identify(process.pid) });
	if (first.held) first.release();
	expect(lockOwner(file)).toBeUndefined();
	expect(takeLock(file).held).toBe(true);
	expect(readdirSync(join(dir, "a"))).toEqual(["lock"]);
});

test.each([
	[
		"whose pid now belongs to another process",
		JSON.stringify({ pid: process.pid, startTime: "earlier" }),
	],
	[
		"whose process is gone",
		JSON.stringify({ pid: 2 ** 22 + 1, startTime: "x" }),
	],
	["that is rubbish", "{"],
])("a lock %s is taken over", (name, text) => {
	const file = join(dir, `${name.length}.lock`);
	writeFileSync(file, text);
	expect(lockOwner(file)).toBeUndefined();
	expect(takeLock(file).held).toBe(true);
	expect(lockOwner(file)?.pid).toBe(process.pid);
});

test("of many processes that want a stale lock, one gets it", async () => {
	const file = join(dir, "many.lock");
	writeFileSync(
		file,
		JSON.stringify({ pid: process.pid, startTime: "earlier" }),
	);
	const program = `
		const { takeLock } = await import(${JSON.stringify(new URL("../../../src/local/state/lock.ts", import.meta.url).href)});
		console.log(takeLock(${JSON.stringify(file)}).held);
		process.stdin.on("end", () => process.exit()).resume();`;
	const children = Array.from({ length: 6 }, () =>
		spawn(process.execPath, ["--input-type=module", "-e", program], {
			stdio: ["pipe", "pipe", "inherit"],
		}),
	);
	const answers = await Promise.all(
		children.map(async (child) =>
			String((await once(child.stdout, "data"))[0]).trim(),
		),
	);
	for (const child of children) child.stdin.end();
	await Promise.all(children.map((child) => once(child, "close")));
	expect(answers.filter((answer) => answer === "true")).toHaveLength(1);
	expect(existsSync(file)).toBe(true);
});
