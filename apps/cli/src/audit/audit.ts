/** The audit as a whole: its partitions, one after another or side by side, and their common result. */
import { type AuditCounts, noCounts } from "./counts.ts";
import { type Finding, type FindingKind, Findings } from "./findings.ts";
import { PartitionAudit } from "./partition-audit.ts";
import {
	AUDIT_LIMITS,
	type AuditedTopic,
	type AuditLimits,
	type AuditOptions,
	type LogRecord,
	type PartitionRange,
} from "./types.ts";

export interface AuditResult {
	/** No findings at all. Look at the counts as well: an empty log is clean. */
	readonly clean: boolean;
	readonly counts: AuditCounts;
	/** The first ones, up to `findingsKeptMax`. */
	readonly findings: readonly Finding[];
	readonly findingsTotal: number;
	readonly findingsByKind: Readonly<Partial<Record<FindingKind, number>>>;
}

export class Audit {
	readonly #options: AuditOptions;
	readonly #limits: AuditLimits;
	readonly #counts = noCounts();
	readonly #findings: Findings;

	constructor(options: AuditOptions) {
		this.#options = options;
		this.#limits = { ...AUDIT_LIMITS, ...options.limits };
		this.#findings = new Findings(this.#limits.findingsKeptMax);
	}

	/** Begins the audit of one partition. */
	partition(range: PartitionRange): PartitionAudit {
		const { seed, partitions, topics } = this.#options;
		return new PartitionAudit({
			seed,
			partitions,
			topics,
			limits: this.#limits,
			range,
			counts: this.#counts,
			findings: this.#findings,
			load: { outstanding: 0, early: 0 },
			ended: { metronome: false, wiener: false, deadLetter: false },
			newestBeginning: { tickOffset: -1, recordOffset: -1 },
			oldestLetter: { sourceOffset: Number.POSITIVE_INFINITY },
		});
	}

	/** What was found so far; the whole result when all partitions are finished. */
	result(): AuditResult {
		return {
			clean: this.#findings.total === 0,
			counts: this.#counts,
			findings: this.#findings.kept,
			findingsTotal: this.#findings.total,
			findingsByKind: this.#findings.byKind,
		};
	}
}

/** A partition of each topic as batches of records in offset order, from what the log still holds to a fixed end. */
export type PartitionStreams = Readonly<
	Record<AuditedTopic, AsyncIterable<readonly LogRecord[]>>
>;

/**
 * Reads one partition through, always from the topic that is behind, and finishes it.
 *
 * The streams must not wait for each other: while one is read, the others stand still.
 *
 * @throws what a stream throws; the partition is not finished then, and the result says nothing
 */
export async function auditPartition(
	audit: PartitionAudit,
	streams: PartitionStreams,
): Promise<void> {
	const iterators = {
		metronome: streams.metronome[Symbol.asyncIterator](),
		wiener: streams.wiener[Symbol.asyncIterator](),
		deadLetter: streams.deadLetter[Symbol.asyncIterator](),
	};
	try {
		for (;;) {
			const topic = audit.wants();
			if (topic === undefined) break;
			const batch = await iterators[topic].next();
			if (batch.done === true) audit.end(topic);
			else for (const record of batch.value) audit.take(topic, record);
		}
		audit.finish();
	} finally {
		// Ended ones ignore it; after an error it lets the others close their readers.
		for (const iterator of Object.values(iterators)) await iterator.return?.();
	}
}
