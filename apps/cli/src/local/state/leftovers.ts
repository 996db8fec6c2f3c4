/**
 * Parts whose supervisor was killed (kill -9, out of memory). They still run, but no process
 * restarts or stops them.
 */

import { isAlive, type ProcessIdentity } from "../../process/identity.ts";
import { endProcess } from "../../process/process.ts";
import type { SystemState } from "./state.ts";

/**
 * Shorter than under supervision. Without the supervisor, nothing reads their logs, which may block
 * them, and they may be killed at any moment anyway.
 */
const SERVICE_GRACE_MS = 5_000;
/** Kafka needs this time to close its logs. Otherwise it has to repair them at its next start. */
const KAFKA_GRACE_MS = 20_000;

export interface Leftover {
	name: string;
	process: ProcessIdentity;
}

/** In the order in which to stop them. Empty while the supervisor lives. */
export function leftovers(state: SystemState | undefined): Leftover[] {
	if (state === undefined || isAlive(state.supervisor)) return [];
	return state.parts
		.toReversed()
		.flatMap(({ name, process }) =>
			process && isAlive(process) ? [{ name, process }] : [],
		);
}

/** Stops them one after the other, Kafka last. */
export async function stopLeftovers(
	found: readonly Leftover[],
	onStop: (leftover: Leftover) => void,
): Promise<void> {
	for (const leftover of found) {
		onStop(leftover);
		await endProcess(
			leftover.process,
			leftover.name === "kafka" ? KAFKA_GRACE_MS : SERVICE_GRACE_MS,
		);
	}
}
