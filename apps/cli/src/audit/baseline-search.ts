/**
 * Where a device's path begins when retention has removed its start: at the first tick whose record both topics still hold.
 *
 * Until then the state is not known, so ticks cannot be judged: ticks older than the first record lost theirs to retention, records
 * older than the first tick lost that. One thing is taken on trust: that the first pair is no repeat of an older tick. A repeat that leads straight on to
 * the newest tick does no harm, as its record is the same; another one, cut off from what it repeats just here, would be called a fault.
 */
import type { Tick } from "@fireworks/contracts";
import type { PartitionContext } from "./context.ts";
import type { DeadLetterSource } from "./dead-letter-source.ts";
import type { Found } from "./path-record.ts";
import type { RecordReports } from "./record-reports.ts";

/** A tick that waits to be judged. */
export interface WaitingTick {
	readonly tick: Tick;
	readonly source: DeadLetterSource;
}

/** The pair where the path begins. What came after either is left in the search's queues. */
export interface Baseline extends WaitingTick {
	readonly record: Found;
}

export class BaselineSearch {
	readonly #context: PartitionContext;
	readonly #reports: RecordReports;
	/** In the order of reading; the newest ones, up to the limit. */
	readonly ticks: WaitingTick[] = [];
	readonly records: Found[] = [];

	constructor(context: PartitionContext, reports: RecordReports) {
		this.#context = context;
		this.#reports = reports;
	}

	addTick(waiting: WaitingTick): Baseline | undefined {
		this.ticks.push(waiting);
		this.#context.load.outstanding++;
		const baseline = this.#match();
		if (this.ticks.length > this.#context.limits.baselinePerDeviceMax) {
			this.#passTick();
		}
		return baseline;
	}

	addRecord(found: Found): Baseline | undefined {
		this.records.push(found);
		const baseline = this.#match();
		if (this.records.length > this.#context.limits.baselinePerDeviceMax) {
			this.records.shift();
			this.#context.counts.recordsBeforeBaseline++;
		}
		return baseline;
	}

	/** Waits no longer for the tick at this offset. */
	dropTick(offset: number): void {
		const at = this.ticks.findIndex(({ source }) => source.offset === offset);
		if (at < 0) return;
		this.ticks.splice(at, 1);
		this.#context.load.outstanding--;
	}

	takeTicks(): WaitingTick[] {
		this.#context.load.outstanding -= this.ticks.length;
		return this.ticks.splice(0);
	}

	/**
	 * No pair was found. What is newer than a pair of another device was not removed with the start: outputs follow their ticks in
	 * time, so beyond that pair a tick without a record, or a record without a tick, is a finding.
	 *
	 * @param lastSeenSeq the highest seq of any tick of the device; -1 where there was none
	 */
	finish(lastSeenSeq: number): void {
		const { range, newestBaseline, counts } = this.#context;
		const isNewer = (offset: number, newest: number) =>
			newest >= 0 && offset > newest;
		for (const { tick, source } of this.takeTicks()) {
			const { offset } = source;
			const isHeld =
				range.start.wiener === 0 || isNewer(offset, newestBaseline.tickOffset);
			const isCounted = offset < range.metronomeEnd;
			if (isHeld && isCounted) this.#reports.missing({ offset, seq: tick.seq });
			else if (isCounted) counts.ticksBeforeBaseline++;
		}
		for (const found of this.records.splice(0)) {
			const isHeld =
				range.start.metronome === 0 ||
				isNewer(found.offset, newestBaseline.recordOffset);
			const mayBeLater = !range.ticksCoverRecords && found.seq > lastSeenSeq;
			if (mayBeLater) counts.recordsBeyondEnd++;
			else if (isHeld) this.#reports.noTick(found, lastSeenSeq);
			else counts.recordsBeforeBaseline++;
		}
	}

	#match(): Baseline | undefined {
		for (;;) {
			const [waiting] = this.ticks;
			const [record] = this.records;
			if (waiting === undefined || record === undefined) return undefined;
			const { seq, timestamp } = waiting.tick;
			if (seq === record.seq && timestamp === record.timestamp) {
				this.ticks.shift();
				this.records.shift();
				this.#context.load.outstanding--;
				return { ...waiting, record };
			}
			// Along a path both rise. A tick that is newer by one alone was not applied, before this record or after it.
			const isNewer = seq > record.seq && timestamp > record.timestamp;
			if (isNewer) this.#passRecord(seq);
			else this.#passTick();
		}
	}

	#passTick(): void {
		const passed = this.ticks.shift() as WaitingTick;
		const { load, counts, range } = this.#context;
		load.outstanding--;
		if (passed.source.offset < range.metronomeEnd) counts.ticksBeforeBaseline++;
	}

	/** Passes over a record older than the first tick. Its tick is gone, unless the metronome's log is whole. */
	#passRecord(tickSeq: number): void {
		const record = this.records.shift() as Found;
		const { range, counts } = this.#context;
		if (range.start.metronome > 0) counts.recordsBeforeBaseline++;
		else this.#reports.noTick(record, tickSeq);
	}
}
