/**
 * The lock that allows one supervisor for each state folder: a file that names the process that
 * holds it.
 *
 * To take the lock, a process links a complete file to the lock's name. The file system allows that
 * for one process only, so the lock file always contains its owner. A lock whose owner is gone is
 * moved away first. If two processes do that at the same moment, the second one notices that it
 * moved the first one's new lock, and puts it back.
 */
import { randomUUID } from "node:crypto";
import {
	linkSync,
	mkdirSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import {
	identify,
	isAlive,
	type ProcessIdentity,
} from "../../process/identity.ts";

export type LockAnswer =
	| { held: true; release(): void }
	| { held: false; owner: ProcessIdentity };

/** The process that holds the lock now; undefined if the lock is free. */
export function lockOwner(lockFile: string): ProcessIdentity | undefined {
	const owner = readOwner(lockFile);
	return owner && isAlive(owner) ? owner : undefined;
}

/** Takes the lock for this process, or returns its owner. */
export function takeLock(lockFile: string): LockAnswer {
	const me = identify(process.pid);
	if (me === undefined) throw new Error("this process cannot find itself");
	mkdirSync(dirname(lockFile), { recursive: true });
	const candidate = `${lockFile}.${randomUUID()}`;
	writeFileSync(candidate, JSON.stringify(me));
	try {
		for (;;) {
			if (link(candidate, lockFile))
				return { held: true, release: () => release(lockFile, me) };
			const owner = lockOwner(lockFile);
			if (owner) return { held: false, owner };
			removeStale(lockFile);
		}
	} finally {
		rmSync(candidate, { force: true });
	}
}

function release(lockFile: string, me: ProcessIdentity): void {
	if (readOwner(lockFile)?.startTime === me.startTime)
		rmSync(lockFile, { force: true });
}

function removeStale(lockFile: string): void {
	const away = `${lockFile}.${randomUUID()}`;
	try {
		renameSync(lockFile, away);
	} catch {
		return; // Another process was faster.
	}
	if (lockOwner(away)) link(away, lockFile);
	rmSync(away, { force: true });
}

function link(from: string, to: string): boolean {
	try {
		linkSync(from, to);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
		throw error;
	}
}

function readOwner(file: string): ProcessIdentity | undefined {
	try {
		const { pid, startTime } = JSON.parse(readFileSync(file, "utf8"));
		return Number.isInteger(pid) && typeof startTime === "string"
			? { pid, startTime }
			: undefined;
	} catch {
		return undefined;
	}
}
