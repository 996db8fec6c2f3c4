/** What is wrong with a session although nothing has failed. */
import { StreamsError } from "../errors.ts";
import type { StageOptions } from "./runtime.ts";
import type { TaskState } from "./task-state.ts";

export interface SessionTimes {
	/** ms since 1970, as are the others. */
	readonly now: number;
	readonly lastSignOfLife: number;
	/** undefined: the group does not rebalance. */
	readonly rebalancingSince: number | undefined;
	readonly tasks: Iterable<{
		readonly partition: number;
		readonly state: TaskState;
		readonly openedAt: number;
	}>;
}

/** undefined: nothing is. */
export function overdue(
	{ now, lastSignOfLife, rebalancingSince = now, tasks }: SessionTimes,
	options: Pick<StageOptions, "silenceMaxMs" | "restoreTimeoutMs">,
): StreamsError | undefined {
	const silentMs = now - lastSignOfLife;
	if (silentMs > options.silenceMaxMs)
		return new StreamsError(
			"consumer-silent",
			`the consumer has not fetched for ${silentMs} ms`,
		);
	// After a failover the coordinator can forget a rebalance. The consumer then continues to fetch,
	// but the join that all tasks wait for never comes.
	const rebalancingMs = now - rebalancingSince;
	if (rebalancingMs > options.silenceMaxMs)
		return new StreamsError(
			"consumer-silent",
			`the group began to rebalance ${rebalancingMs} ms ago, and no join came of it`,
		);
	for (const { partition, state, openedAt } of tasks) {
		if (state !== "assigned" && state !== "restoring") continue;
		if (now - openedAt > options.restoreTimeoutMs)
			return new StreamsError(
				"restore-timeout",
				`partition ${partition} is ${state} after ${now - openedAt} ms`,
			);
	}
	return undefined;
}
