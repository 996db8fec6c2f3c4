/** What the reader needs from outside. */
import type {
	LogReader,
	LogRecord,
	OffsetRange,
	ReadOptions,
} from "@fireworks/streams";

/** What the middleware needs of a log; packages/streams has more. */
export interface ReadableLog {
	/** In order of partition; undefined if the topic does not exist. */
	offsets(topic: string): Promise<readonly OffsetRange[] | undefined>;
	/** A recreated topic has another id. Undefined if there is no id. */
	topicId(topic: string): Promise<string | undefined>;
	read(options: ReadOptions): Promise<LogReader>;
}

export interface ReaderLogger {
	info(facts: object, message: string): void;
	warn(facts: object, message: string): void;
}

/** How far a topic was read. */
export interface ReadPosition {
	/** For each partition: the next offset to read; empty before the first restart. */
	readonly next: readonly number[];
	/** The topic's id; empty if it is unknown. */
	readonly stream: string;
}

/** Where a reader puts records. */
export interface RecordSink {
	readonly queue: ReadPosition;
	/** Records of the past that are wanted, of all partitions together. */
	readonly recordsMax: number;
	/** Drops everything and begins at these offsets. stream: the topic's id. */
	restart(starts: readonly number[], stream: string): void;
	/** Takes records of one partition, in order of offset. Some may be repeats. */
	take(partition: number, records: readonly LogRecord[]): void;
}
