/** Parts whose supervisor was killed (kill -9, out of memory): they run on without anybody who would restart or stop them. */
import { LOCAL_PART_NAMES, type LocalPartName } from "../part-names.ts";
import { endProcess } from "../process/end-process.ts";
import { isAlive, type ProcessIdentity } from "../process/identity.ts";
import type { SystemState } from "./state.ts";

/** Less than under supervision: with their reader gone they cannot log, which may hold them up, and they may be killed at any moment. */
const SERVICE_GRACE_MS = 5_000;
/** Kafka closes its logs, or it has to repair them at its next start. */
const KAFKA_GRACE_MS = 20_000;

export interface Leftover {
	name: LocalPartName;
	process: ProcessIdentity;
}

/** In the order in which they are to be stopped; empty while the supervisor lives. */
export function leftovers(state: SystemState | undefined): Leftover[] {
	if (state === undefined || isAlive(state.supervisor)) return [];
	return LOCAL_PART_NAMES.toReversed().flatMap((name) => {
		const known = state.parts.find((p) => p.name === name)?.process;
		return known && isAlive(known) ? [{ name, process: known }] : [];
	});
}

/** Stops them one after the other; Kafka goes last. */
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
