/**
 * Where a device's path begins when retention has removed ticks: at the first tick whose record is held as well.
 *
 * Until then the state is not known, so ticks cannot be judged: ticks older than the first record lost theirs to retention, records
 * older than the first tick lost that. One thing is taken on trust: that the first pair is no repeat of an older tick. A repeat that leads
 * straight on to the newest tick does no harm, as its record is the same; another one, cut off from what it repeats just here, would be
 * called a fault.
 */
import type { Tick } from "@fireworks/contracts";
import { mayLackLetter, type PartitionContext } from "./context.ts";
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
			this.#passRecord();
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
	 * No pair was found. Then a tick without a record, or a record without a tick, is a finding only where it is newer than a pair of
	 * another device: so it was not removed with the start.
	 */
	finish(): void {
		const { range, newestBeginning, counts } = this.#context;
		const isNewer = (offset: number, beginning: number) =>
			beginning >= 0 && offset > beginning;
		for (const { tick, source } of this.takeTicks()) {
			const { offset } = source;
			if (offset >= range.metronomeEnd) continue;
			const isHeld =
				range.start.wiener === 0 || isNewer(offset, newestBeginning.tickOffset);
			const isDue = isHeld && !mayLackLetter(this.#context, offset);
			if (isDue) this.#reports.missing({ offset, seq: tick.seq });
			else counts.ticksBeforeBaseline++;
		}
		for (const found of this.records.splice(0)) {
			const isHeld = isNewer(found.offset, newestBeginning.recordOffset);
			if (!range.ticksCoverRecords) counts.recordsBeyondEnd++;
			else if (isHeld) this.#reports.noTick(found, -1);
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
			if (isNewer) this.#passRecord();
			else this.#passTick();
		}
	}

	#passTick(): void {
		const passed = this.ticks.shift() as WaitingTick;
		const { load, counts, range } = this.#context;
		load.outstanding--;
		if (passed.source.offset < range.metronomeEnd) counts.ticksBeforeBaseline++;
	}

	#passRecord(): void {
		this.records.shift();
		this.#context.counts.recordsBeforeBaseline++;
	}
}
