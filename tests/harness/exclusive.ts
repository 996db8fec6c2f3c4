/**
 * A lock between all test runs on this machine, for resources that exist only once, such as the
 * default ports.
 *
 * The lock is a file that holds its owner's process id. If the owner is gone, a waiting process
 * takes the file over. It renames the file first, which only one of several waiting processes can
 * do.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitForValue } from "./wait-for.ts";

/**
 * Waits until no other process holds the lock of this name, and takes it. The returned function
 * releases it.
 */
export async function exclusive(
	name: string,
	timeoutMs: number,
): Promise<() => void> {
	const file = join(tmpdir(), `fireworks-${name}.lock`);
	await waitForValue(
		`the lock ${file}`,
		() => tryLock(file),
		(state) => state === "ours",
		timeoutMs,
	);
	return () => rmSync(file, { force: true });
}

/** "ours", or the process that holds the lock. */
function tryLock(file: string): string {
	try {
		writeFileSync(file, String(process.pid), { flag: "wx" });
		return "ours";
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
	}
	const owner = readFileSync(file, "utf8");
	// An empty file: its owner is about to write its process id.
	if (owner === "" || isAlive(Number(owner))) return `held by process ${owner}`;
	const stale = `${file}.${process.pid}`;
	renameSync(file, stale);
	rmSync(stale);
	return `left by process ${owner}, which is gone`;
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === "EPERM";
	}
}
