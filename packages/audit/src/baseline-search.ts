/**
 * Finds where a device's path begins when retention has removed ticks: at the first tick whose
 * record still exists as well.
 *
 * Before that point the state is unknown, so ticks cannot be judged. The records of ticks older
 * than the first record were removed, and so were the ticks of records older than the first tick.
 *
 * One assumption is made: the first pair is not a repeat of an older tick. A run of repeats that
 * continues up to the newest tick is harmless, because its records are the same. Another repeat,
 * whose original was removed just before it, would be reported as a fault.
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

/** The pair where the path begins. Later ticks and records stay in the search's queues. */
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

	/** Stops waiting for the record of the tick at this offset. */
	dropTick(offset: number): void {
		const at = this.ticks.findIndex(({ source }) => source.offset === offset);
		if (at < 0) return;
		this.ticks.splice(at, 1);
		this.#context.load.outstanding--;
	}

	/** Skips all records read so far. */
	passRecords(): void {
		while (this.records.length > 0) this.#passRecord();
	}

	takeTicks(): WaitingTick[] {
		this.#context.load.outstanding -= this.ticks.length;
		return this.ticks.splice(0);
	}

	/**
	 * Ends the search without a pair. A tick without a record, or a record without a tick, is then
	 * a finding only if it is newer than the first pair of another device: retention cannot have
	 * removed its counterpart.
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
			// Along a path, both seq and timestamp rise. A tick with only one of them higher was
			// not applied, either before this record or after it.
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
