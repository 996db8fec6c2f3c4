/**
 * Matches one device's records with those that must follow from its ticks.
 *
 * Both come in the device's order, but neither side waits for the other: an engine may run its
 * devices one after another. The record of a tick is *expected* until it comes. A record that comes
 * before its tick is *early*. When a record comes while older ones are expected, those become
 * *overdue*: they are missing, unless they still come out of order. All queues have limits
 * (`AuditLimits`).
 */
import type { PartitionContext } from "./context.ts";
import { ExpectedQueue } from "./expected-queue.ts";
import type { Expected, Found } from "./path-record.ts";
import type { RecordReports } from "./record-reports.ts";
import { SeqRanges } from "./seq-ranges.ts";

export class RecordMatcher {
	readonly #context: PartitionContext;
	readonly #reports: RecordReports;
	readonly #expected = new ExpectedQueue();
	readonly #overdue = new Map<number, Expected>();
	readonly #early = new Map<number, Found>();
	/** Seqs below the newest that no applied tick had. */
	readonly #notApplied: SeqRanges;
	readonly #reportedMissing: SeqRanges;
	/** The last applied tick. */
	#newestSeq = -1;
	#newestTimestamp = Number.NEGATIVE_INFINITY;
	#firstAnsweredSeq = -1;
	/** The highest seq whose record came, and that record's offset. */
	#answeredSeq = -1;
	#answeredOffset = -1;
	/**
	 * The seq at which the path begins, if its start was removed; -1 if it begins at its first
	 * tick.
	 */
	#baselineSeq = -1;

	constructor(context: PartitionContext, reports: RecordReports) {
		this.#context = context;
		this.#reports = reports;
		this.#notApplied = new SeqRanges(context.limits.rangesPerDeviceMax);
		this.#reportedMissing = new SeqRanges(context.limits.rangesPerDeviceMax);
	}

	/** Begins the path at a tick and its record, because its first ticks were removed. */
	begin(expected: Expected, found: Found): void {
		this.#baselineSeq = expected.seq;
		this.#advanceTo(expected);
		this.#answer(expected, found);
	}

	/** The record of an applied tick is due. */
	expect(expected: Expected): void {
		const { load, limits, ended } = this.#context;
		this.#advanceTo(expected);
		const found = this.#early.get(expected.seq);
		if (found !== undefined) {
			this.#forgetEarly(found);
			this.#answer(expected, found);
		} else if (ended.wiener || this.#early.size > 0) {
			// A newer record has already come, or no more will come.
			this.#keepOverdue(expected);
		} else {
			this.#expected.push(expected);
			load.outstanding++;
			if (this.#expected.length > limits.expectedPerDeviceMax) this.#delay();
		}
	}

	/** A record of this device was read. */
	found(found: Found): void {
		const { seq } = found;
		const before = this.#expected.indexOf(seq);
		if (before >= 0) {
			for (let i = 0; i < before; i++) this.#delay();
			this.#context.load.outstanding--;
			this.#answer(this.#expected.shift() as Expected, found);
			return;
		}
		const overdue = this.#overdue.get(seq);
		if (overdue !== undefined) {
			this.#overdue.delete(seq);
			this.#answer(overdue, found);
		} else if (seq > this.#newestSeq) {
			this.#keepEarly(found);
		} else if (seq < this.#baselineSeq || this.#reportedMissing.has(seq)) {
			this.#reports.outOfOrder(found, this.#answeredSeq, this.#answeredOffset);
		} else if (this.#notApplied.has(seq)) {
			this.#reports.noTick(found, this.#newestSeq);
		} else {
			this.#reports.duplicated(found);
		}
	}

	/** All ticks have been read. */
	endTicks(): void {
		for (const found of this.#early.values()) {
			this.#forgetEarly(found);
			this.#judgeLate(found);
		}
	}

	/** All records have been read. */
	endRecords(): void {
		while (this.#expected.length > 0) this.#delay();
	}

	/** All ticks and records have been read: what is still due is missing. */
	finish(): void {
		for (const expected of this.#overdue.values()) this.#giveUp(expected);
		this.#overdue.clear();
	}

	/**
	 * Makes a tick the newest one. The seqs that it skipped have no applied ticks, so early records
	 * with these seqs are wrong.
	 */
	#advanceTo({ seq, timestamp }: Expected): void {
		const next = this.#newestSeq + 1;
		this.#newestSeq = seq;
		this.#newestTimestamp = timestamp;
		if (seq === next) return;
		this.#notApplied.add(next, seq - 1);
		for (const found of this.#early.values()) {
			// Early records are mostly in ascending order. One that is not is judged at the end,
			// with the same report.
			if (found.seq >= seq) break;
			this.#forgetEarly(found);
			this.#reports.noTick(found, seq);
		}
	}

	/** Makes the first expected record overdue. */
	#delay(): void {
		this.#context.load.outstanding--;
		this.#keepOverdue(this.#expected.shift() as Expected);
	}

	#keepOverdue(expected: Expected): void {
		this.#overdue.set(expected.seq, expected);
		if (this.#overdue.size <= this.#context.limits.overduePerDeviceMax) return;
		const [oldest] = this.#overdue.values();
		this.#overdue.delete((oldest as Expected).seq);
		this.#giveUp(oldest as Expected);
	}

	#giveUp(expected: Expected): void {
		const { range, counts } = this.#context;
		this.#reportedMissing.add(expected.seq, expected.seq);
		// A tick past the audited end need not be answered yet, but a newer tick must not be
		// answered before it.
		const isDue =
			expected.offset < range.metronomeEnd || expected.seq < this.#answeredSeq;
		if (!isDue) return;
		if (this.#mayBeRemoved(expected)) counts.recordsRemoved++;
		else this.#reports.missing(expected, expected.value);
	}

	/**
	 * Whether retention may have removed the record: it is older than all remaining records of this
	 * device, or of the other devices.
	 */
	#mayBeRemoved({ seq, offset }: Expected): boolean {
		const { range, newestBeginning } = this.#context;
		if (range.start.wiener === 0) return false;
		if (this.#firstAnsweredSeq >= 0) return seq < this.#firstAnsweredSeq;
		return (
			offset <= newestBeginning.tickOffset || newestBeginning.tickOffset < 0
		);
	}

	#keepEarly(found: Found): void {
		if (this.#context.ended.metronome) {
			this.#judgeLate(found);
		} else if (this.#early.has(found.seq)) {
			this.#reports.duplicated(found);
		} else {
			this.#early.set(found.seq, found);
			this.#context.load.early++;
			// This record is newer than all expected ones, so they are overdue. Otherwise one
			// missing record would hold back the ticks until the device's next tick.
			while (this.#expected.length > 0) this.#delay();
		}
	}

	#forgetEarly(found: Found): void {
		this.#early.delete(found.seq);
		this.#context.load.early--;
	}

	/**
	 * Judges a record above all applied ticks after all ticks were read: it comes from a later
	 * tick, or is made up.
	 */
	#judgeLate(found: Found): void {
		const { range, counts } = this.#context;
		const mayBeLater =
			!range.ticksCoverRecords &&
			found.seq > this.#newestSeq &&
			found.timestamp > this.#newestTimestamp;
		if (mayBeLater) counts.recordsBeyondEnd++;
		else this.#reports.noTick(found, this.#newestSeq);
	}

	#answer(expected: Expected, found: Found): void {
		if (this.#firstAnsweredSeq < 0) this.#beginAt(expected, found);
		const isHigher = found.seq > this.#answeredSeq;
		if (isHigher !== found.offset > this.#answeredOffset) {
			this.#reports.outOfOrder(found, this.#answeredSeq, this.#answeredOffset);
		}
		if (isHigher) {
			this.#answeredSeq = found.seq;
			this.#answeredOffset = found.offset;
		}
		this.#reports.compare(expected, found);
	}

	#beginAt(expected: Expected, found: Found): void {
		const { newestBeginning: newest } = this.#context;
		this.#firstAnsweredSeq = expected.seq;
		newest.tickOffset = Math.max(newest.tickOffset, expected.offset);
		newest.recordOffset = Math.max(newest.recordOffset, found.offset);
	}
}
