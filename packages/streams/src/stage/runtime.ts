/** What all parts of a running stage share. */

import type { StageTopics } from "@fireworks/contracts";
import type { StreamsLogger } from "../kafka/logger.ts";
import type { Log } from "../log.ts";
import type { Clock } from "../time.ts";
import type { BroadcastTable } from "./broadcast-table.ts";
import type { ChunkLimits } from "./chunk.ts";
import type { Identity } from "./identity.ts";
import type { StageMetrics } from "./metrics.ts";
import type { PreparedTopics } from "./prepare-topics.ts";
import type { RefusedKeys } from "./refused-keys.ts";
import type { Stage } from "./stage.ts";
import type { OldRecords } from "./written-topics.ts";

/** Limits of a running stage. All times in ms. */
export interface StageOptions extends ChunkLimits {
	groupId: string;
	/** After this long without a heartbeat the group gives the member's partitions to others. */
	sessionTimeoutMs: number;
	/**
	 * After this long the broker aborts an open transaction. Readers can then read the records
	 * behind it.
	 */
	transactionTimeoutMs: number;
	/** A partition must be running this long after its assignment; otherwise the session ends. */
	restoreTimeoutMs: number;
	/** A consumer that has not fetched for this long is considered dead. */
	silenceMaxMs: number;
	/** How often the topics' ids are checked. */
	topicIdsIntervalMs: number;
	/** The group's own offset is committed at most this often. */
	groupOffsetIntervalMs: number;
}

export const STAGE_DEFAULTS = {
	recordsMax: 4_000,
	bytesMax: 4_000_000,
	sessionTimeoutMs: 6_000,
	transactionTimeoutMs: 10_000,
	restoreTimeoutMs: 60_000,
	silenceMaxMs: 30_000,
	topicIdsIntervalMs: 2_000,
	groupOffsetIntervalMs: 5_000,
} as const satisfies Omit<StageOptions, "groupId">;

export interface StageRuntime<I, S, O> {
	readonly stage: Stage<I, S, O>;
	readonly topics: StageTopics;
	/** Replaced if the broker does not allow the session time-out. */
	options: StageOptions;
	/** The topics as they were at the start of the session. */
	readonly prepared: { current: PreparedTopics };
	/** The session's copy of the broadcast table; undefined: the stage has none. */
	readonly table: { current: BroadcastTable | undefined };
	readonly log: Log;
	readonly logger: StreamsLogger;
	readonly metrics: StageMetrics;
	readonly refused: RefusedKeys;
	readonly old: OldRecords;
	readonly clock: Clock;
	/** What this program says to others that use the stage's name. */
	identity: Identity;
	/** Names this process in its barriers, for people who read them. */
	readonly owner: string;
}
