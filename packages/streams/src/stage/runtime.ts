/** What all parts of a running stage share. */

import type { StageTopics } from "@fireworks/contracts";
import type { StreamsLogger } from "../kafka/logger.ts";
import type { Log } from "../log.ts";
import type { ChunkLimits } from "./chunk.ts";
import type { StageMetrics } from "./metrics.ts";
import type { Stage } from "./stage.ts";

/** Time, in ms; tests have their own. */
export interface Clock {
	now(): number;
	/** Resolves after so many ms, or at once when the signal is aborted. */
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Bounds of a running stage. */
export interface StageOptions extends ChunkLimits {
	groupId: string;
	/** After so long without a heartbeat the group gives the member's partitions away. */
	sessionTimeoutMs: number;
	/** After so long the broker aborts an open transaction, and what waits behind it can be read. */
	transactionTimeoutMs: number;
	/** A partition must be running so long after its assignment, or the session ends. */
	restoreTimeoutMs: number;
	/** A consumer that has not fetched for so long is taken for dead. */
	silenceMaxMs: number;
	/** The group's own offset is committed at most so often. */
	groupOffsetIntervalMs: number;
}

export const STAGE_DEFAULTS = {
	recordsMax: 4_000,
	bytesMax: 4_000_000,
	sessionTimeoutMs: 6_000,
	transactionTimeoutMs: 10_000,
	restoreTimeoutMs: 60_000,
	silenceMaxMs: 30_000,
	groupOffsetIntervalMs: 5_000,
} as const satisfies Omit<StageOptions, "groupId">;

export interface StageRuntime<I, S, O> {
	readonly stage: Stage<I, S, O>;
	readonly topics: StageTopics;
	readonly options: StageOptions;
	readonly log: Log;
	readonly logger: StreamsLogger;
	readonly metrics: StageMetrics;
	readonly clock: Clock;
	/** This process, for whoever reads a barrier. */
	readonly owner: string;
}
