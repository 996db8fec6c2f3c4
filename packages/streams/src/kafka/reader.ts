/**
 * A reader of all partitions of some topics. It reads committed records only, with a consumer group
 * of its own that is removed at the end.
 */
import { randomUUID } from "node:crypto";
import type { Kafka } from "kafkajs";
import type { LogReader, ReadOptions } from "../log.ts";
import { systemClock, within } from "../time.ts";
import { FirstJoin } from "./first-join.ts";
import type { LeftGroups } from "./left-groups.ts";
import { toLogRecord } from "./records.ts";
import type { ToStreamsError } from "./security/access-refused.ts";

const MAX_WAIT_MS = 250;
/**
 * Time for leaving and for removing the group. A removal that takes longer is left to the next
 * reader or to the broker.
 */
const CLOSE_MAX_MS = 3_000;

/** Starts reading; resolves when the group is joined. */
export async function openReader(
	kafka: Kafka,
	leftGroups: LeftGroups,
	failure: ToStreamsError,
	options: ReadOptions,
): Promise<LogReader> {
	const groupId = `${options.name}-${randomUUID()}`;
	const firstJoin = new FirstJoin(failure);
	const consumer = kafka.consumer({
		groupId,
		readUncommitted: options.uncommitted === true,
		allowAutoTopicCreation: false,
		maxWaitTimeInMs: MAX_WAIT_MS,
		retry: { restartOnFailure: firstJoin.restartOnFailure },
	});
	const next = new Map<string, number>();
	const ended = Promise.withResolvers<void>();
	ended.promise.catch(() => {});
	consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
		firstJoin.joined();
		for (const [topic, partitions] of Object.entries(
			payload.memberAssignment,
		)) {
			for (const partition of partitions) {
				const id = `${topic}/${partition}`;
				const offset = next.get(id) ?? options.from(topic, partition);
				next.set(id, offset);
				consumer.seek({ topic, partition, offset: String(offset) });
			}
		}
	});
	const progress = (topic: string, partition: number, nextOffset: number) => {
		next.set(`${topic}/${partition}`, nextOffset);
		options.onProgress?.(topic, partition, nextOffset);
	};
	// kafkajs skips batches that contain only aborted and control records, without calling
	// eachBatch.
	consumer.on(consumer.events.START_BATCH_PROCESS, ({ payload }) => {
		const { topic, partition, batchSize, lastOffset } = payload;
		if (batchSize === 0) progress(topic, partition, Number(lastOffset) + 1);
	});
	consumer.on(consumer.events.CRASH, ({ payload }) => {
		if (payload.restart) return;
		ended.reject(
			failure(payload.error, "group-failed", `the reader ${groupId} failed`),
		);
	});
	const end = async () => {
		await within(consumer.disconnect(), CLOSE_MAX_MS, systemClock);
		leftGroups.add(groupId);
		await within(leftGroups.remove(), CLOSE_MAX_MS, systemClock);
	};
	try {
		await consumer.connect();
		await consumer.subscribe({
			topics: [...options.topics],
			fromBeginning: true,
		});
		const joined = new Promise<void>((resolve) =>
			consumer.on(consumer.events.GROUP_JOIN, () => resolve()),
		);
		await consumer.run({
			autoCommit: false,
			partitionsConsumedConcurrently: 16,
			eachBatch: async ({ batch }) => {
				const id = `${batch.topic}/${batch.partition}`;
				const from = next.get(id) ?? 0;
				const records = batch.messages
					.map((m) => toLogRecord(batch.topic, batch.partition, m))
					.filter((r) => r.offset >= from);
				if (records.length > 0)
					await options.onRecords(batch.topic, batch.partition, records);
				progress(batch.topic, batch.partition, Number(batch.lastOffset()) + 1);
			},
		});
		await Promise.race([joined, ended.promise]);
		// The broker is reachable, so this is the time to remove groups that an outage has left
		// behind.
		void leftGroups.remove();
	} catch (error) {
		await end().catch(() => {});
		throw error;
	}
	let closing: Promise<void> | undefined;
	return {
		ended: ended.promise,
		close: () => {
			closing ??= end().finally(ended.resolve);
			return closing;
		},
	};
}
