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
	/** The highest offsets at which a device was begun after retention, of its tick and of its record; -1 before the first. */
	readonly newestBaseline: { tickOffset: number; recordOffset: number };
}

/** Whether retention may have removed the start of the paths, so that states are not known from the first tick on. */
export const isCut = ({ start }: PartitionRange): boolean =>
	start.metronome > 0 || start.wiener > 0;
