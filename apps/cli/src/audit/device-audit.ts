/** One device: its ticks are judged and its path recomputed as the contract says, and its records are held against that. */
import { type RefusedCode, type Tick, verdict } from "@fireworks/contracts";
import {
	advance,
	type DeviceWords,
	deviceWords,
	noise,
	type Step,
} from "@fireworks/wiener";
import { type Baseline, BaselineSearch } from "./baseline-search.ts";
import { isCut, type PartitionContext } from "./context.ts";
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

export class DeviceAudit {
	readonly #context: PartitionContext;
	readonly #deadLetters: DeadLetterAudit;
	readonly #words: DeviceWords;
	readonly #matcher: RecordMatcher;
	#state: PathState | undefined;
	/** Until the path's beginning is found, where retention has removed the first ticks. */
	#search: BaselineSearch | undefined;
	/** Of the tick where the path was begun after retention; -1 before, and where the start is held. */
	#baselineOffset = -1;

	constructor(
		deviceId: string,
		context: PartitionContext,
		deadLetters: DeadLetterAudit,
	) {
		this.#context = context;
		this.#deadLetters = deadLetters;
		this.#words = deviceWords(deviceId);
		const reports = new RecordReports(deviceId, context);
		this.#matcher = new RecordMatcher(context, reports);
		this.#search = isCut(context.range)
			? new BaselineSearch(context, reports)
			: undefined;
	}

	/** A tick of this device, in its right partition. record: where it came from. */
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

	/** A record of `wiener` with this device's key. */
	record(found: Found): void {
		if (this.#search !== undefined) this.#begin(this.#search.addRecord(found));
		else this.#matcher.found(found);
	}

	/**
	 * Whether the state was not known at a tick that was read, so that a refusal by state cannot be told from a wrong one. Believes the
	 * refusal, and waits no longer for the tick's record.
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

	/** The tick's outcome: what it leads to is expected; or the code under which it is refused, or undefined. */
	#judge(tick: Tick, offset: number): RefusedCode | undefined {
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

	/** Goes on from the path's beginning with what the search has gathered behind it. */
	#begin(baseline: Baseline | undefined): void {
		const search = this.#search;
		if (baseline === undefined || search === undefined) return;
		this.#search = undefined;
		const { tick, source, record } = baseline;
		this.#context.counts.baselines++;
		this.#baselineOffset = source.offset;
		const { seq, timestamp } = tick;
		this.#state = { seq, timestamp, value: record.value };
		// What depends on the lost state is taken from the record, the rest is compared.
		const { offset } = source;
		this.#matcher.begin(expectedRecord(tick, record, offset), record);
		for (const waiting of search.takeTicks()) {
			const code = this.#judge(waiting.tick, waiting.source.offset);
			if (code !== undefined) this.#deadLetters.expect(code, waiting.source);
		}
		for (const found of search.records) this.#matcher.found(found);
	}
}
