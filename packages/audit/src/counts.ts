/** What an audit has seen. The counts distinguish "clean" from "empty". */
import { REFUSED_CODES, type RefusedCode } from "@fireworks/contracts";

export interface AuditCounts {
	/** Devices with at least one tick or record. */
	devices: number;
	/** Records of `metronome` below the audited end, whatever happened to them. */
	ticks: number;
	applied: number;
	repeats: number;
	refused: Record<RefusedCode, number>;
	/**
	 * Applied ticks whose seq does not directly follow the last one, and how many seqs were
	 * skipped.
	 */
	jumps: number;
	seqsSkipped: number;
	/** Applied ticks whose records retention may have removed. */
	recordsRemoved: number;
	/** Resets of devices within the input that still exists. */
	resets: number;
	/** Devices whose path begins at a record, because retention has removed its first ticks. */
	baselines: number;
	/** Ticks and records before these beginnings. They cannot be judged. */
	ticksBeforeBaseline: number;
	recordsBeforeBaseline: number;
	/** Records of `wiener`; and how many of them are later than the last tick that was read. */
	records: number;
	recordsBeyondEnd: number;
	/** Records of `dead-letter`; and how many of them have other source topics. */
	deadLetters: number;
	deadLettersForeign: number;
	/**
	 * Dead letters that cannot be judged: their source, or their device's state there, was removed;
	 * or their source is beyond the end.
	 */
	deadLettersBeforeStart: number;
	deadLettersBeyondEnd: number;
	/** Refused records whose dead letters retention may have removed. */
	deadLettersRemoved: number;
}

export function noCounts(): AuditCounts {
	return {
		devices: 0,
		ticks: 0,
		applied: 0,
		repeats: 0,
		refused: Object.fromEntries(
			REFUSED_CODES.map((code) => [code, 0]),
		) as Record<RefusedCode, number>,
		jumps: 0,
		seqsSkipped: 0,
		recordsRemoved: 0,
		resets: 0,
		baselines: 0,
		ticksBeforeBaseline: 0,
		recordsBeforeBaseline: 0,
		records: 0,
		recordsBeyondEnd: 0,
		deadLetters: 0,
		deadLettersForeign: 0,
		deadLettersBeforeStart: 0,
		deadLettersBeyondEnd: 0,
		deadLettersRemoved: 0,
	};
}
