/**
 * The whole audit: audits all partitions, one after another or concurrently, and collects the
 * result.
 */
import { type AuditCounts, noCounts } from "./counts.ts";
import { type Finding, type FindingKind, Findings } from "./findings.ts";
import { PartitionAudit } from "./partition-audit.ts";
import { type RefusedDevice, RefusedDevices } from "./refused-devices.ts";
import {
	AUDIT_LIMITS,
	type AuditedTopic,
	type AuditLimits,
	type AuditOptions,
	type LogRecord,
	type PartitionRange,
} from "./types.ts";

export interface AuditResult {
	/** There are no findings. Check the counts as well: an empty log is also clean. */
	readonly clean: boolean;
	readonly counts: AuditCounts;
	/** The first findings, up to `findingsKeptMax`. */
	readonly findings: readonly Finding[];
	/** The first devices whose newest tick was refused because of their state. */
	readonly refusedDevices: readonly RefusedDevice[];
	readonly refusedDevicesTotal: number;
	readonly findingsTotal: number;
	readonly findingsByKind: Readonly<Partial<Record<FindingKind, number>>>;
}

export class Audit {
	readonly #options: AuditOptions;
	readonly #limits: AuditLimits;
	readonly #counts = noCounts();
	readonly #findings: Findings;
	readonly #refusedDevices = new RefusedDevices();

	constructor(options: AuditOptions) {
		this.#options = options;
		this.#limits = { ...AUDIT_LIMITS, ...options.limits };
		this.#findings = new Findings(this.#limits.findingsKeptMax);
	}

	/** Begins the audit of one partition. */
	partition(range: PartitionRange): PartitionAudit {
		const { seed, partitions, topics, resets = new Map() } = this.#options;
		return new PartitionAudit({
			seed,
			partitions,
			topics,
			limits: this.#limits,
			range,
			counts: this.#counts,
			findings: this.#findings,
			resets,
			refusedDevices: this.#refusedDevices,
			load: { outstanding: 0, early: 0 },
			ended: { metronome: false, wiener: false, deadLetter: false },
			newestBeginning: { tickOffset: -1, recordOffset: -1 },
			oldestLetter: { sourceOffset: Number.POSITIVE_INFINITY },
		});
	}

	/** What was found so far. It is complete once all partitions are finished. */
	result(): AuditResult {
		return {
			clean: this.#findings.total === 0,
			counts: this.#counts,
			findings: this.#findings.kept,
			refusedDevices: this.#refusedDevices.kept,
			refusedDevicesTotal: this.#refusedDevices.total,
			findingsTotal: this.#findings.total,
			findingsByKind: this.#findings.byKind,
		};
	}
}

/**
 * The topics of one partition, each as batches of records in offset order, from the oldest record
 * that the log still holds to a fixed end.
 */
export type PartitionStreams = Readonly<
	Record<AuditedTopic, AsyncIterable<readonly LogRecord[]>>
>;

/**
 * Reads one partition to its end, always from the topic that is behind, and finishes its audit.
 *
 * The streams must not wait for each other: while one is read, the others stand still.
 *
 * @throws what a stream throws; the partition is then not finished, and the result is meaningless
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
		// Streams that have ended ignore this. After an error, it lets the others close their
		// readers.
		for (const iterator of Object.values(iterators)) await iterator.return?.();
	}
}
