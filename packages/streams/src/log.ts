/**
 * The log as the rest of Fireworks sees it: the small port behind which kafkajs (or another client, or the in-memory log of the
 * tests) does the work. Everything that is read through it is committed: aborted and open transactions are never seen.
 */

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

/** The offsets a partition holds: from `low` up to, not including, `high` (which may lie past an open transaction). */
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
	/** Name of the reader, for the broker's and the operator's eyes; made unique. */
	name: string;
}

/** A reader of its own group, which is removed when it closes. */
export interface LogReader {
	/** Resolves when the reader was closed, rejects when it failed: it does not go on by itself then. */
	readonly ended: Promise<void>;
	close(): Promise<void>;
}
