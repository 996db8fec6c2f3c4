/**
 * Gives an empty changelog its first position, as the partition's owner. With it a stage starts
 * where the position says, and a process that still lives from before the topics were deleted and
 * created again can do nothing: its transactions are fenced, and when it takes the partition again,
 * it finds a position that belongs to topics with other ids.
 */
import { randomUUID } from "node:crypto";
import { RESET_OWNER_PREFIX, type StageTopics } from "@fireworks/contracts";
import { StreamsError } from "../errors.ts";
import type { Log, TransactionalProducer } from "../log.ts";
import { readUntil } from "../source/read-until.ts";
import { systemClock } from "../time.ts";
import {
	barrierRecord,
	ChangelogRestore,
	positionRecord,
} from "./changelog.ts";
import { positionValue, readPosition } from "./start-position.ts";
import { topicIdsOf } from "./topic-ids.ts";

export interface SeedPositionOptions {
	log: Log;
	topics: StageTopics;
	config: Readonly<Record<string, string>>;
	/** Number of partitions of each input. */
	partitions: number;
	partition: number;
	/** Where each input starts, in the order of the inputs. */
	nexts: readonly number[];
	/** Names the requester in the barrier, for people who read it. */
	owner: string;
	transactionTimeoutMs: number;
	restoreTimeoutMs: number;
	signal: AbortSignal;
}

/**
 * Resolves false if the stage has started by itself already, with the topics as they are now; then
 * its position stays. Throws topic-replaced or input-mismatch if another process has written a
 * position for topics that are gone, config-mismatch if one runs with another configuration, and
 * fenced if one takes the partition at the same time.
 */
export async function seedPosition(
	options: SeedPositionOptions,
): Promise<boolean> {
	const { log, topics, partition, transactionTimeoutMs } = options;
	const producer = log.transactionalProducer(
		`${topics.output.name}-${partition}`,
		transactionTimeoutMs,
	);
	try {
		return await seed(options, producer);
	} finally {
		await producer.close().catch(() => {});
	}
}

async function seed(
	options: SeedPositionOptions,
	producer: TransactionalProducer,
): Promise<boolean> {
	const { log, topics, partition, partitions, config, nexts } = options;
	const changelog = topics.changelog.name;
	const now = systemClock.now();
	const barrier = {
		id: randomUUID(),
		owner: `${RESET_OWNER_PREFIX}${options.owner}`,
	};
	const [appended] = await producer.transact(
		new Map([[changelog, [barrierRecord(partition, barrier, now)]]]),
	);
	if (appended === undefined)
		throw new StreamsError("outcome-unknown", "the barrier was not written");
	const restore = new ChangelogRestore(
		barrier.id,
		appended.baseOffset,
		() => {},
		() => {},
		() => {},
	);
	await readUntil(
		{ ...options, changelogTopic: changelog, clock: systemClock },
		0,
		(records, next) => restore.take(records, next),
		{ partition },
	);
	const prepared = {
		partitions,
		counts: new Map(),
		topicIds: await topicIdsOf(log, topics),
	};
	if (restore.position !== undefined) {
		readPosition(restore.position, topics, config, prepared);
		return false;
	}
	const position = positionValue(
		{ nexts, clock: undefined },
		topics,
		config,
		prepared,
	);
	await producer.transact(
		new Map([[changelog, [positionRecord(partition, position, now)]]]),
	);
	return true;
}
