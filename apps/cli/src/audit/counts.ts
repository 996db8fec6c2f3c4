/** What an audit has seen: so that "clean" can be told from "empty". */
import { REFUSED_CODES, type RefusedCode } from "@fireworks/contracts";

export interface AuditCounts {
	/** Devices of which a tick or a record was seen. */
	devices: number;
	/** Records of `metronome` below the audited end, whatever became of them. */
	ticks: number;
	applied: number;
	repeats: number;
	refused: Record<RefusedCode, number>;
	/** Applied ticks whose seq is not the one after the last, and how many seqs were passed over. */
	jumps: number;
	seqsSkipped: number;
	/** Applied ticks whose records retention may have removed. */
	recordsRemoved: number;
	/** Devices whose path was begun at a record, as retention has removed its first ticks. */
	baselines: number;
	/** Ticks and records before these, of which nothing can be said. */
	ticksBeforeBaseline: number;
	recordsBeforeBaseline: number;
	/** Records of `wiener`; of these, later than the last tick that was handed in. */
	records: number;
	recordsBeyondEnd: number;
	/** Records of `dead-letter`; of these, from other source topics. */
	deadLetters: number;
	deadLettersForeign: number;
	/** Dead letters that cannot be judged: their source, or their device's state there, is gone; or it lies beyond the end. */
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
