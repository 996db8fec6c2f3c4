/** What the audit is told: the records, the range of each partition, and how much it may hold. */
import type { Seed } from "@fireworks/wiener";

/** A record as read from Kafka (read_committed). */
export interface LogRecord {
	readonly partition: number;
	/** A number is safe: at a million records a second a partition reaches 2^53 after 285 years. */
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
	/** First offset that each topic still holds. Above 0, retention has removed what was before. */
	readonly start: Readonly<Record<AuditedTopic, number>>;
	/**
	 * Ticks below this offset must have their outcome. Ticks from here on may be handed in as well, to explain the records that they led
	 * to; nothing need have come of them yet.
	 */
	readonly metronomeEnd: number;
	/**
	 * True where the ticks handed in go up to an end of `metronome` that was asked for after those of `wiener` and `dead-letter`. Then
	 * every record has its tick among them, and one that has none is a finding. False: a record that is newer than its device's ticks may have come of a
	 * later one, and is only counted; a made-up record may hide there.
	 */
	readonly ticksCoverRecords: boolean;
}

export interface AuditOptions {
	readonly seed: Seed;
	/** How many partitions each of the topics has. */
	readonly partitions: number;
	readonly topics: TopicNames;
	readonly limits?: Partial<AuditLimits>;
}

/** How much is held at once. Each is a number of small objects of 100 to 200 bytes: no limit keeps a record's bytes. */
export interface AuditLimits {
	/** Findings that are kept; all are counted. */
	readonly findingsKeptMax: number;
	/** Ticks of one device whose records have not come. Beyond it the oldest is overdue: how far an engine may lag behind its other devices. */
	readonly expectedPerDeviceMax: number;
	/** Overdue ticks of one device, whose records might come out of order. Beyond it the oldest is reported missing. */
	readonly overduePerDeviceMax: number;
	/** Records of a partition that came before their ticks were read: at least the largest micro-batch of an engine that groups by device. */
	readonly earlyPerPartitionMax: number;
	/** Ranges of seq of one device without a record. Beyond it the oldest is forgotten, and a record in it would be called doubled. */
	readonly rangesPerDeviceMax: number;
	/** Ticks, and records, of one device that wait for the first pair which both topics hold. Beyond it the oldest is passed over. */
	readonly baselinePerDeviceMax: number;
	/** Dead letters of a partition: expected ones, early ones, and ones already answered. */
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
