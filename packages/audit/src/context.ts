import type { Seed } from "@fireworks/wiener";
import type { AuditCounts } from "./counts.ts";
import type { Findings } from "./findings.ts";
import type { RefusedDevices } from "./refused-devices.ts";
import type { AuditLimits, PartitionRange, TopicNames } from "./types.ts";

/** The state that all checks of one partition share. */
export interface PartitionContext {
	readonly seed: Seed;
	readonly partitions: number;
	readonly topics: TopicNames;
	readonly limits: AuditLimits;
	readonly range: PartitionRange;
	readonly counts: AuditCounts;
	readonly findings: Findings;
	/** By device, the ascending input offsets at which it was reset. */
	readonly resets: ReadonlyMap<string, readonly number[]>;
	readonly refusedDevices: RefusedDevices;
	/**
	 * How many ticks wait for their records, and how many records wait for their ticks. This
	 * decides which topic is read next.
	 */
	readonly load: { outstanding: number; early: number };
	/** The topics that have been read to their ends. */
	readonly ended: { metronome: boolean; wiener: boolean; deadLetter: boolean };
	/**
	 * The highest offset of any device's first answered tick, and of its record; -1 before the
	 * first. Outputs appear in about the order of their ticks, so anything beyond these offsets was
	 * not removed by retention.
	 */
	readonly newestBeginning: { tickOffset: number; recordOffset: number };
	/** The source offset of the oldest dead letter that still exists; Infinity before the first. */
	readonly oldestLetter: { sourceOffset: number };
}

/** Whether retention removed ticks. The states at the first remaining ticks are then unknown. */
export const isCut = ({ start }: PartitionRange): boolean =>
	start.metronome > 0;

/**
 * Whether retention may have removed the dead letter for the record at this offset. Valid once all
 * dead letters have been read.
 */
export const mayLackLetter = (
	{ range, oldestLetter }: PartitionContext,
	sourceOffset: number,
): boolean =>
	range.start.deadLetter > 0 && sourceOffset < oldestLetter.sourceOffset;
