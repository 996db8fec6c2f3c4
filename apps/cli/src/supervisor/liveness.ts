/** Does a running service still live? A process may be there and do nothing (kafkajs#1163): its /livez tells, as in a pod. */
import { setTimeout as sleep } from "node:timers/promises";
import { askProbe } from "./http-probe.ts";

export const LIVENESS = {
	intervalMs: 5_000,
	timeoutMs: 4_000,
	/** So many failures in a row: half a minute, which a stopped or swapped-out machine gets over. */
	failuresMax: 6,
} as const;

/** Asks until it is over; calls `onDead` once where the service does not live any more. */
export async function watchLiveness(
	url: string,
	over: AbortSignal,
	onDead: (reason: string) => void,
	{ intervalMs, timeoutMs, failuresMax } = LIVENESS as {
		intervalMs: number;
		timeoutMs: number;
		failuresMax: number;
	},
): Promise<void> {
	for (let failures = 0; ; ) {
		await sleep(intervalMs, undefined, { signal: over }).catch(() => {});
		if (over.aborted) return;
		const problem = await askProbe(url, timeoutMs);
		failures = problem === undefined ? 0 : failures + 1;
		if (problem !== undefined && failures >= failuresMax && !over.aborted)
			return onDead(problem);
	}
}
