/** The input of the audit: the records, the range of each partition, and how much it may hold. */
import type { Seed } from "@fireworks/wiener";

/** A record as read from Kafka (read_committed). */
export interface LogRecord {
	readonly partition: number;
	/**
	 * A number is large enough: at a million records a second, a partition reaches 2^53 after 285
	 * years.
	 */
	readonly offset: number;
	readonly key: Buffer | null;
	readonly value: Buffer | null;
	/** The record's own timestamp, ms since 1970. */
	readonly timestamp: number;
	readonly headers: Readonly<Record<string, string>>;
}

/** The three topics that the audit reads. */
export type AuditedTopic = "metronome" | "wiener" | "deadLetter";
/** Their names in Kafka. */
export type TopicNames = Readonly<Record<AuditedTopic, string>>;

/** What is audited of one partition. */
export interface PartitionRange {
	readonly partition: number;
	/**
	 * The first offset that each topic still holds. If it is above 0, retention has removed earlier
	 * records.
	 */
	readonly start: Readonly<Record<AuditedTopic, number>>;
	/**
	 * Ticks below this offset must have their outcome. Later ticks may be passed in as well, to
	 * explain the records that follow from them, but need no outcome yet.
	 */
	readonly metronomeEnd: number;
	/**
	 * True if the ticks go up to an end of `metronome` that was read after the ends of `wiener` and
	 * `dead-letter`. Then every record has its tick among them, and a record without a tick is a
	 * finding. False: a record that is newer than its device's ticks may come from a later tick,
	 * and is only counted; a made-up record can hide there.
	 */
	readonly ticksCoverRecords: boolean;
}

export interface AuditOptions {
	readonly seed: Seed;
	/** How many partitions each topic has. */
	readonly partitions: number;
	readonly topics: TopicNames;
	readonly limits?: Partial<AuditLimits>;
	/** By device, the ascending input offsets at which it was reset. */
	readonly resets?: ReadonlyMap<string, readonly number[]>;
}

/**
 * How much is held at once. Each limit is a number of small objects of 100 to 200 bytes; records'
 * bytes are never kept.
 */
export interface AuditLimits {
	/** Findings that are kept; all are counted. */
	readonly findingsKeptMax: number;
	/**
	 * Ticks of one device whose records have not come. Beyond this, the oldest one is overdue. It
	 * is how far an engine may lag behind with one device.
	 */
	readonly expectedPerDeviceMax: number;
	/**
	 * Overdue ticks of one device, whose records may still come out of order. Beyond this, the
	 * oldest one is reported as missing.
	 */
	readonly overduePerDeviceMax: number;
	/**
	 * Records of a partition that came before their ticks were read. Must be at least the largest
	 * micro-batch of an engine that groups by device.
	 */
	readonly earlyPerPartitionMax: number;
	/**
	 * Ranges of seqs of one device without a record. Beyond this, the oldest one is forgotten, and
	 * a record in it would be reported as a duplicate.
	 */
	readonly rangesPerDeviceMax: number;
	/**
	 * Ticks, and records, of one device that wait for the first pair that both topics hold. Beyond
	 * this, the oldest one is skipped.
	 */
	readonly baselinePerDeviceMax: number;
	/** Dead letters of a partition: expected, early, and already answered ones, each. */
	readonly deadLettersPerPartitionMax: number;
}

export const AUDIT_LIMITS: AuditLimits = {
	findingsKeptMax: 1_000,
	expectedPerDeviceMax: 10_000,
	overduePerDeviceMax: 1_000,
	earlyPerPartitionMax: 250_000,
	rangesPerDeviceMax: 1_000,
	baselinePerDeviceMax: 256,
	deadLettersPerPartitionMax: 100_000,
};
