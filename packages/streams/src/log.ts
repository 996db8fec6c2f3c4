/**
 * The log as the rest of Fireworks sees it: a small port. kafkajs, another client, or the in-memory
 * log of the tests does the work behind it. Everything that is read through it is committed:
 * aborted and open transactions are never seen.
 */

import type { TopicSpec } from "@fireworks/contracts";

/**
 * A record that was read. offset: below 2^53, so a number can hold it. timestamp: ms since 1970.
 */
export interface LogRecord {
	readonly topic: string;
	readonly partition: number;
	readonly offset: number;
	readonly key: Buffer | null;
	readonly value: Buffer | null;
	readonly timestamp: number;
	readonly headers: Readonly<Record<string, string>>;
}

/** A record to write. timestamp: ms since 1970. */
export interface OutgoingRecord {
	readonly partition: number;
	readonly key: Buffer | string | null;
	readonly value: Buffer | string | null;
	readonly timestamp: number;
	readonly headers?: Readonly<Record<string, Buffer | string>>;
}

/** Records to write, by topic. */
export type Outgoing = ReadonlyMap<string, readonly OutgoingRecord[]>;

/**
 * The offsets that a partition holds: from `low` up to, but not including, `high`. The records of
 * an open transaction, and all records after them, lie beyond `high`.
 */
export interface OffsetRange {
	readonly partition: number;
	readonly low: number;
	readonly high: number;
}

export interface ReadOptions {
	topics: readonly string[];
	/** The first offset to read of a partition. An offset below the log's start means its start. */
	from(topic: string, partition: number): number;
	/**
	 * Called with records in offset order; the next call waits for the returned promise. Offsets
	 * have gaps where transactions ended.
	 */
	onRecords(
		topic: string,
		partition: number,
		records: readonly LogRecord[],
	): Promise<void> | void;
	/**
	 * Called when a partition was read up to `nextOffset`: after its records were taken, and also
	 * where there were none to take, such as at the end of a transaction.
	 */
	onProgress?(topic: string, partition: number, nextOffset: number): void;
	/** Also read what open and aborted transactions wrote. Default: false. */
	uncommitted?: boolean;
	/** Name of the reader, as the broker and the operator see it. A suffix makes it unique. */
	name: string;
}

/** A reader with a consumer group of its own, which is removed when the reader closes. */
export interface LogReader {
	/**
	 * Resolves when the reader was closed; rejects when it failed. A failed reader does not recover
	 * by itself.
	 */
	readonly ended: Promise<void>;
	close(): Promise<void>;
}

/** Where the first record for a topic's partition was appended. */
export interface Appended {
	readonly topic: string;
	readonly partition: number;
	readonly baseOffset: number;
}

/**
 * A producer with one transactional identity. Only the newest holder of the identity can write: its
 * first transaction fences all earlier holders.
 */
export interface TransactionalProducer {
	/**
	 * Writes all the records or none of them, and returns where they went.
	 *
	 * After any error the outcome is unknown. The producer then refuses all further work, and its
	 * owner must drop the state that it holds.
	 */
	transact(records: Outgoing): Promise<readonly Appended[]>;
	close(): Promise<void>;
}

/**
 * What a group member receives for one partition. It can be without records, where the log holds
 * only aborted records or the ends of transactions.
 */
export interface GroupBatch {
	readonly topic: string;
	readonly partition: number;
	/** The offset that was requested. No record lies between it and the first record here. */
	readonly fetchedOffset: number;
	readonly records: readonly LogRecord[];
	/** The offset after everything that this batch covers. */
	readonly nextOffset: number;
	/** The end of the partition at the time of the fetch. */
	readonly highWatermark: number;
	/**
	 * Sends a heartbeat to the group; allowed even after the batch was handed back. Returns false
	 * when the group is rebalancing: finish then.
	 */
	keepAlive(): Promise<boolean>;
}

export interface GroupHandlers {
	/**
	 * Called after each join with the partitions that this member now has; they are the same for
	 * all its topics. Reading can start at any offset, so seek.
	 */
	onAssigned(partitions: readonly number[]): void;
	onRebalancing(): void;
	/**
	 * The next fetch waits until all batches of this fetch are handed back. So never wait in here
	 * for another batch.
	 */
	onBatch(batch: GroupBatch): Promise<void>;
}

/**
 * A member of a consumer group that assigns several topics together: partition p of all of them
 * belongs to the same member.
 */
export interface GroupMember {
	/** Joins the group. Resolves with the first assignment. */
	start(handlers: GroupHandlers): Promise<void>;
	/** Rejects when the member has failed. It does not recover by itself. */
	readonly failed: Promise<never>;
	/**
	 * When the member last fetched or joined: ms on the runtime's clock (Date.now() on the
	 * machine's clock).
	 */
	lastSignOfLife(): number;
	seek(topic: string, partition: number, offset: number): void;
	pause(topic: string, partition: number): void;
	resume(topic: string, partition: number): void;
	/** Commits an offset to the group, for the usual lag tools. Nothing here relies on it. */
	commitOffset(topic: string, partition: number, offset: number): Promise<void>;
	/** Waits for the batches in progress, then leaves the group. */
	leave(): Promise<void>;
}

export interface GroupOptions {
	groupId: string;
	topics: readonly string[];
	sessionTimeoutMs: number;
	/** What other programs can read about this member: `groupMembers`. Default: nothing. */
	about?: string;
}

/** The port. */
export interface Log {
	/**
	 * Creates the topics that do not exist. Throws topic-mismatch if one exists with other
	 * partitions or another clean-up policy.
	 */
	ensureTopics(specs: readonly TopicSpec[]): Promise<void>;
	/** The ranges of all partitions, in their order; undefined if there is no such topic. */
	offsets(topic: string): Promise<readonly OffsetRange[] | undefined>;
	/**
	 * By partition, the offset after the newest record, decided or not; undefined if there is no
	 * such topic. To see all that is committed, read up to here: Kafka answers a commit before its
	 * markers are in the partitions, so for a moment a committed record can lie beyond `high`, in
	 * one partition and not in another.
	 */
	ends(topic: string): Promise<readonly number[] | undefined>;
	/**
	 * The id that the topic got when it was created. A topic that is deleted and created again
	 * under the same name has another id. undefined: there is no such topic, or its broker has no
	 * topic ids (Kafka before 2.8).
	 */
	topicId(topic: string): Promise<string | undefined>;
	read(options: ReadOptions): Promise<LogReader>;
	member(options: GroupOptions): GroupMember;
	/**
	 * What the members of a group say about themselves (`about`); empty: it has none, or only those
	 * of other engines. undefined: the group rebalances, so it cannot be known now.
	 */
	groupMembers(groupId: string): Promise<readonly string[] | undefined>;
	transactionalProducer(
		id: string,
		transactionTimeoutMs: number,
	): TransactionalProducer;
	/** Appends one record outside of any transaction. */
	append(topic: string, record: OutgoingRecord): Promise<void>;
	close(): Promise<void>;
}
