/**
 * Audits one path of a device: judges its ticks, recomputes the path as the contract says, and
 * compares its records with the result.
 */
import { type RefusedCode, type Tick, verdict } from "@fireworks/contracts";
import {
	advance,
	type DeviceWords,
	deviceWords,
	noise,
	type Step,
} from "@fireworks/wiener";
import { type Baseline, BaselineSearch } from "./baseline-search.ts";
import type { PartitionContext } from "./context.ts";
import type { DeadLetterAudit } from "./dead-letter-audit.ts";
import { deadLetterSource } from "./dead-letter-source.ts";
import type { Expected, Found } from "./path-record.ts";
import { RecordMatcher } from "./record-matcher.ts";
import { RecordReports } from "./record-reports.ts";
import type { LogRecord } from "./types.ts";

interface PathState {
	readonly seq: number;
	readonly timestamp: number;
	readonly value: number;
}

/** offset: the tick's. */
const expectedRecord = (
	{ seq, timestamp, drift, volatility }: Tick,
	{ dt, increment, value }: Step,
	offset: number,
): Expected => ({
	offset,
	seq,
	timestamp,
	dt,
	increment,
	value,
	drift,
	volatility,
});

/**
 * Why the newest tick was refused, how many were refused since the last applied one, and that one.
 */
export interface Refusal {
	readonly code: RefusedCode;
	readonly ticks: number;
	readonly seq: number;
	readonly timestamp: number;
}

export class PathAudit {
	readonly #context: PartitionContext;
	readonly #deadLetters: DeadLetterAudit;
	readonly #words: DeviceWords;
	readonly #matcher: RecordMatcher;
	#state: PathState | undefined;
	/** Present until the path's beginning is found, if retention has removed the first ticks. */
	#search: BaselineSearch | undefined;
	#refusal: Refusal | undefined;
	/**
	 * The offset of the tick where the path begins after retention; -1 before it is found, or if
	 * nothing was removed.
	 */
	#baselineOffset = -1;

	constructor(
		deviceId: string,
		context: PartitionContext,
		deadLetters: DeadLetterAudit,
		/** Whether retention may have removed the path's first ticks. */
		isCut: boolean,
	) {
		this.#context = context;
		this.#deadLetters = deadLetters;
		this.#words = deviceWords(deviceId);
		const reports = new RecordReports(deviceId, context);
		this.#matcher = new RecordMatcher(context, reports);
		this.#search = isCut ? new BaselineSearch(context, reports) : undefined;
	}

	/** A tick of this device, in the right partition. record: its source. */
	tick(tick: Tick, record: LogRecord): void {
		if (this.#search !== undefined) {
			const source = deadLetterSource(record, tick);
			this.#begin(this.#search.addTick({ tick, source }));
			return;
		}
		const code = this.#judge(tick, record.offset);
		if (code !== undefined) {
			this.#deadLetters.expect(code, deadLetterSource(record, tick));
		}
	}

	/** Why its newest tick was refused because of the state; undefined if it was not. */
	get refusal(): Refusal | undefined {
		return this.#refusal;
	}

	/** The records so far were of an earlier path. */
	forgetRecords(): void {
		this.#search?.passRecords();
	}

	/** A record of `wiener` with this device's key. */
	record(found: Found): void {
		if (this.#search !== undefined) this.#begin(this.#search.addRecord(found));
		else this.#matcher.found(found);
	}

	/**
	 * Whether the state at a tick that was read is unknown. A refusal because of the state then
	 * cannot be checked, so it is accepted, and the tick's record is no longer waited for.
	 */
	isUndecided(tickOffset: number): boolean {
		this.#search?.dropTick(tickOffset);
		return this.#search !== undefined || tickOffset < this.#baselineOffset;
	}

	endTicks(): void {
		this.#matcher.endTicks();
	}

	endRecords(): void {
		this.#matcher.endRecords();
	}

	finish(): void {
		this.#search?.finish();
		this.#matcher.finish();
	}

	/**
	 * Judges a tick. Either its record becomes expected, or the code of its refusal is returned.
	 * undefined if it was not refused.
	 */
	#judge(tick: Tick, offset: number): RefusedCode | undefined {
		const code = this.#outcome(tick, offset);
		const { seq = 0, timestamp = 0 } = this.#state ?? {};
		const ticks = (this.#refusal?.ticks ?? 0) + 1;
		if (code !== undefined) this.#refusal = { code, ticks, seq, timestamp };
		return code;
	}

	#outcome(tick: Tick, offset: number): RefusedCode | undefined {
		const { counts, range, seed } = this.#context;
		const previous = this.#state;
		const isCounted = offset < range.metronomeEnd;
		const outcome = verdict(previous, tick);
		if (outcome === "repeat") {
			if (isCounted) counts.repeats++;
			return undefined;
		}
		if (outcome !== "apply") return outcome;
		const { seq, timestamp } = tick;
		const z = previous === undefined ? 0 : noise(seed, this.#words, seq);
		const step = advance(previous, tick, z);
		if (step === undefined) return "not-finite";
		this.#state = { seq, timestamp, value: step.value };
		this.#refusal = undefined;
		if (isCounted) {
			counts.applied++;
			if (previous !== undefined && seq > previous.seq + 1) {
				counts.jumps++;
				counts.seqsSkipped += seq - previous.seq - 1;
			}
		}
		this.#matcher.expect(expectedRecord(tick, step, offset));
		return undefined;
	}

	/**
	 * Continues from the path's beginning with the ticks and records that the search has gathered
	 * after it.
	 */
	#begin(baseline: Baseline | undefined): void {
		const search = this.#search;
		if (baseline === undefined || search === undefined) return;
		this.#search = undefined;
		const { tick, source, record } = baseline;
		this.#context.counts.baselines++;
		this.#baselineOffset = source.offset;
		const { seq, timestamp } = tick;
		this.#state = { seq, timestamp, value: record.value };
		// Numbers that depend on the lost state are taken from the record; the others are compared.
		const { offset } = source;
		this.#matcher.begin(expectedRecord(tick, record, offset), record);
		for (const waiting of search.takeTicks()) {
			const code = this.#judge(waiting.tick, waiting.source.offset);
			if (code !== undefined) this.#deadLetters.expect(code, waiting.source);
		}
		for (const found of search.records) this.#matcher.found(found);
	}
}
