/** Ends processes that are not our children (any more): leftovers of a supervisor that was killed. */
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, type ProcessIdentity } from "./identity.ts";

const POLL_MS = 50;

/** Waits until it is gone; false where the time is over first. */
export async function waitGone(
	known: ProcessIdentity,
	timeoutMs: number,
): Promise<boolean> {
	const deadline = performance.now() + timeoutMs;
	while (isAlive(known)) {
		if (performance.now() > deadline) return false;
		await sleep(POLL_MS);
	}
	return true;
}

/** SIGTERM, then SIGKILL after the grace time; returns once it is gone. */
export async function endProcess(
	known: ProcessIdentity,
	graceMs: number,
): Promise<void> {
	if (!isAlive(known)) return;
	send(known, "SIGTERM");
	if (await waitGone(known, graceMs)) return;
	send(known, "SIGKILL");
	await waitGone(known, 10_000);
}

export function send(known: ProcessIdentity, signal: NodeJS.Signals): void {
	try {
		if (isAlive(known)) process.kill(known.pid, signal);
	} catch {
		// Gone in between.
	}
}
