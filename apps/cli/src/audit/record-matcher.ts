/**
 * One device's records against those that its ticks must lead to.
 *
 * Both come in the device's order, but neither side waits for the other: an engine may run its devices one after another. So what a
 * tick leads to is *expected* until its record comes; a record that comes first is *early* until its tick does. A record that comes
 * while older ones are expected makes those *overdue*: they are missing, unless they turn up out of order. Everything is bounded
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
	/** The highest seq that was answered, and where. */
	#answeredSeq = -1;
	#answeredOffset = -1;
	/** Where the path was begun at a record, as its start is gone; -1 where it was begun at its first tick. */
	#baselineSeq = -1;

	constructor(context: PartitionContext, reports: RecordReports) {
		this.#context = context;
		this.#reports = reports;
		this.#notApplied = new SeqRanges(context.limits.rangesPerDeviceMax);
		this.#reportedMissing = new SeqRanges(context.limits.rangesPerDeviceMax);
	}

	/** Begins at a pair of tick and record instead of at a first tick. */
	begin(expected: Expected, found: Found): void {
		this.#baselineSeq = expected.seq;
		this.#advanceTo(expected);
		this.#answer(expected, found);
	}

	/** An applied tick's record is due. */
	expect(expected: Expected): void {
		const { load, limits, ended } = this.#context;
		this.#advanceTo(expected);
		const found = this.#early.get(expected.seq);
		if (found !== undefined) {
			this.#forgetEarly(found);
			this.#answer(expected, found);
		} else if (ended.wiener || this.#early.size > 0) {
			// A newer record has come, or none will.
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

	/** No more ticks come. */
	endTicks(): void {
		for (const found of this.#early.values()) {
			this.#forgetEarly(found);
			this.#judgeLate(found);
		}
	}

	/** No more records come. */
	endRecords(): void {
		while (this.#expected.length > 0) this.#delay();
	}

	/** Neither ticks nor records come: what is due is missing. */
	finish(): void {
		for (const expected of this.#overdue.values()) this.#giveUp(expected);
		this.#overdue.clear();
	}

	/** Takes a tick for the newest. Of the seqs that it jumped over there are no applied ticks, so early records of them have none. */
	#advanceTo({ seq, timestamp }: Expected): void {
		const next = this.#newestSeq + 1;
		this.#newestSeq = seq;
		this.#newestTimestamp = timestamp;
		if (seq === next) return;
		this.#notApplied.add(next, seq - 1);
		for (const found of this.#early.values()) {
			// Early records mostly ascend; one that does not is left for the end, where it is reported just the same.
			if (found.seq >= seq) break;
			this.#forgetEarly(found);
			this.#reports.noTick(found, seq);
		}
	}

	/** Takes the first expected one for overdue. */
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
		// A tick past the audited end may be unanswered as yet, but not passed over.
		const isDue =
			expected.offset < range.metronomeEnd || expected.seq < this.#answeredSeq;
		if (!isDue) return;
		if (this.#mayBeRemoved(expected)) counts.recordsRemoved++;
		else this.#reports.missing(expected, expected.value);
	}

	/** Whether retention may have removed the record: where it is older than all that is held, of this device or of the others. */
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
			// Newer than all that is expected. Without this, one missing record would hold the ticks back until its device's next one.
			while (this.#expected.length > 0) this.#delay();
		}
	}

	#forgetEarly(found: Found): void {
		this.#early.delete(found.seq);
		this.#context.load.early--;
	}

	/** A record above all applied ticks, when no more ticks come: of a later tick, or made up. */
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
