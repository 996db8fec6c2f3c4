/**
 * The log as the rest of Fireworks sees it: the small port behind which kafkajs (or another client, or the in-memory log of the
 * tests) does the work. Everything that is read through it is committed: aborted and open transactions are never seen.
 */

import type { TopicSpec } from "@fireworks/contracts";

/** A record that was read. offset: below 2^53, so a number holds it. timestamp: ms since 1970. */
export interface LogRecord {
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

/** The offsets a partition holds: from `low` up to, not including, `high`. What an open transaction wrote, and what came after it, lies beyond. */
export interface OffsetRange {
	readonly partition: number;
	readonly low: number;
	readonly high: number;
}

export interface ReadOptions {
	topics: readonly string[];
	/** The first offset wanted of a partition; one below the log's start means its start. */
	from(topic: string, partition: number): number;
	/** Records in offset order; the next ones come after the promise. Offsets have holes where transactions ended. */
	onRecords(
		topic: string,
		partition: number,
		records: readonly LogRecord[],
	): Promise<void> | void;
	/** Also what open and aborted transactions wrote. Default: false. */
	uncommitted?: boolean;
	/** Name of the reader, for the broker's and the operator's eyes; made unique. */
	name: string;
}

/** A reader of its own group, which is removed when it closes. */
export interface LogReader {
	/** Resolves when the reader was closed, rejects when it failed: it does not go on by itself then. */
	readonly ended: Promise<void>;
	close(): Promise<void>;
}

/** Where the first record of a topic's partition was appended. */
export interface Appended {
	readonly topic: string;
	readonly partition: number;
	readonly baseOffset: number;
}

/** One transactional identity. Only its newest holder can write: the first transaction of a holder fences those before it. */
export interface TransactionalProducer {
	/**
	 * Writes all the records, or none of them, and returns where they went.
	 *
	 * After any error nobody knows which of both happened: the producer refuses all further work, and its owner must drop what it believes.
	 */
	transact(records: Outgoing): Promise<readonly Appended[]>;
	close(): Promise<void>;
}

/** What a group member is given of one partition. It may hold no record, where only aborted ones or the ends of transactions lay there. */
export interface GroupBatch {
	readonly topic: string;
	readonly partition: number;
	/** The offset that was asked for: nothing lies between it and the first record. */
	readonly fetchedOffset: number;
	readonly records: readonly LogRecord[];
	/** The offset after all that the batch covers. */
	readonly nextOffset: number;
	/** The partition's end when it was fetched. */
	readonly highWatermark: number;
	/** Tells the group that its member lives; also after the batch was handed back. False: the group is rebalancing, come to an end. */
	keepAlive(): Promise<boolean>;
}

export interface GroupHandlers {
	/** After each join: the partitions that are this member's now, of all its topics alike. Reading starts anywhere: seek. */
	onAssigned(partitions: readonly number[]): void;
	onRebalancing(): void;
	/** The next fetch waits for all batches of this one; so never wait here for another batch. */
	onBatch(batch: GroupBatch): Promise<void>;
}

/** A member of a consumer group that carries several topics partition by partition: p of all of them belongs to one member. */
export interface GroupMember {
	/** Joins. Resolves when the first assignment is there. */
	start(handlers: GroupHandlers): Promise<void>;
	/** Rejects when the member has failed; it does not go on by itself then. */
	readonly failed: Promise<never>;
	/** When it last fetched or joined: ms on the runtime's clock (Date.now() where that is the machine's). */
	lastSignOfLife(): number;
	seek(topic: string, partition: number, offset: number): void;
	pause(topic: string, partition: number): void;
	resume(topic: string, partition: number): void;
	/** Tells the group an offset, for the usual lag tools; nothing here relies on it. */
	commitOffset(topic: string, partition: number, offset: number): Promise<void>;
	/** Waits for the batches under way, and leaves the group. */
	leave(): Promise<void>;
}

export interface GroupOptions {
	groupId: string;
	topics: readonly string[];
	sessionTimeoutMs: number;
}

/** The port. */
export interface Log {
	/** Creates the topics that are absent. Throws topic-mismatch where one has other partitions or clean-up than it must have. */
	ensureTopics(specs: readonly TopicSpec[]): Promise<void>;
	/** The ranges of all partitions, in their order; undefined where there is no such topic. */
	offsets(topic: string): Promise<readonly OffsetRange[] | undefined>;
	read(options: ReadOptions): Promise<LogReader>;
	member(options: GroupOptions): GroupMember;
	transactionalProducer(
		id: string,
		transactionTimeoutMs: number,
	): TransactionalProducer;
	/** Appends one record outside of any transaction. */
	append(topic: string, record: OutgoingRecord): Promise<void>;
	close(): Promise<void>;
}
