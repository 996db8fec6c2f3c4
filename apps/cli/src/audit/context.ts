import type { Seed } from "@fireworks/wiener";
import type { AuditCounts } from "./counts.ts";
import type { Findings } from "./findings.ts";
import type { AuditLimits, PartitionRange, TopicNames } from "./types.ts";

/** What the checks of one partition share. */
export interface PartitionContext {
	readonly seed: Seed;
	readonly partitions: number;
	readonly topics: TopicNames;
	readonly limits: AuditLimits;
	readonly range: PartitionRange;
	readonly counts: AuditCounts;
	readonly findings: Findings;
	/** Ticks whose records are awaited, and records whose ticks are: they say which topic to read next. */
	readonly load: { outstanding: number; early: number };
	/** Which topics have been read to their ends. */
	readonly ended: { metronome: boolean; wiener: boolean; deadLetter: boolean };
	/**
	 * The highest offset of a device's first answered tick, and of its record; -1 before the first. Outputs follow their ticks in time,
	 * so what lies beyond was not removed with the start of the logs.
	 */
	readonly newestBeginning: { tickOffset: number; recordOffset: number };
	/** The source of the oldest dead letter that is held; Infinity before the first. */
	readonly oldestLetter: { sourceOffset: number };
}

/** Whether ticks were removed: then the states at the first ticks that are held are not known. */
export const isCut = ({ start }: PartitionRange): boolean =>
	start.metronome > 0;

/** Whether a dead letter for the record at this offset may have been removed. Asked when all dead letters were read. */
export const mayLackLetter = (
	{ range, oldestLetter }: PartitionContext,
	sourceOffset: number,
): boolean =>
	range.start.deadLetter > 0 && sourceOffset < oldestLetter.sourceOffset;
