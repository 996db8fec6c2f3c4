/** The lock that prevents two test runs from interfering (tests/harness/exclusive.ts). */
import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exclusive } from "../harness/exclusive.ts";

const newLock = () => {
	const name = `test-${randomUUID()}`;
	return { name, file: join(tmpdir(), `fireworks-${name}.lock`) };
};

test("only one holds it; the next one gets it when it is given back", async () => {
	const { name, file } = newLock();
	const release = await exclusive(name, 1_000);
	await expect(exclusive(name, 100)).rejects.toThrow(
		`held by process ${process.pid}`,
	);
	const next = exclusive(name, 60_000);
	release();
	(await next)();
	expect(existsSync(file)).toBe(false);
});

test("several that wait get it one after the other", async () => {
	const { name } = newLock();
	let holders = 0;
	await Promise.all(
		Array.from({ length: 5 }, async () => {
			const release = await exclusive(name, 60_000);
			expect(++holders).toBe(1);
			await new Promise((resolve) => setImmediate(resolve));
			holders--;
			release();
		}),
	);
});

test("it is taken over from a process that is gone", async () => {
	const { name, file } = newLock();
	const { pid } = spawnSync(process.execPath, ["--version"]);
	writeFileSync(file, String(pid));
	(await exclusive(name, 60_000))();
	expect(existsSync(file)).toBe(false);
});
