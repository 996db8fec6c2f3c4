/**
 * One partition's dead letters against its refused records: exactly one for each, with its code and the source's bytes.
 *
 * A dead letter names its source's offset, so they are matched by that. One that comes before its source was read is *early*; its source decides.
 */
import type { RefusedCode } from "@fireworks/contracts";
import { isCut, mayLackLetter, type PartitionContext } from "./context.ts";
import {
	type DeadLetter,
	readDeadLetter,
	sourceTopicOf,
} from "./dead-letter-reader.ts";
import {
	DeadLetterReports,
	type RefusedSource,
} from "./dead-letter-reports.ts";
import type { DeadLetterSource } from "./dead-letter-source.ts";
import type { LogRecord } from "./types.ts";

/** The codes that depend on the device's state, which is not known before its path's beginning. */
const STATE_CODES: ReadonlySet<string> = new Set<RefusedCode>([
	"clock-restarted",
	"time-not-increasing",
	"not-finite",
]);

export class DeadLetterAudit {
	readonly #context: PartitionContext;
	readonly #reports: DeadLetterReports;
	readonly #isUndecided: (deviceId: string, tickOffset: number) => boolean;
	/** By the source's offset, all three. */
	readonly #expected = new Map<number, RefusedSource>();
	readonly #early = new Map<number, DeadLetter>();
	/** The newest of those that had their dead letter, to tell a doubled one from one that was never due. */
	readonly #answered = new Set<number>();
	/** The offset after the last record of `metronome` that was read. */
	#nextSource = 0;

	/**
	 * @param isUndecided whether this device's state was not known at a tick, as retention has removed it; called after the tick was read
	 */
	constructor(
		context: PartitionContext,
		isUndecided: (deviceId: string, tickOffset: number) => boolean,
	) {
		this.#context = context;
		this.#reports = new DeadLetterReports(context);
		this.#isUndecided = isUndecided;
	}

	/** Refused records whose dead letters have not come. */
	get outstanding(): number {
		return this.#expected.size;
	}

	/** Whether no more dead letters may be held before their sources are read. */
	get isFull(): boolean {
		return this.#early.size >= this.#context.limits.deadLettersPerPartitionMax;
	}

	/** A record of `metronome` is refused: its dead letter is due. */
	expect(code: RefusedCode, source: DeadLetterSource): void {
		const { counts, range, limits, ended } = this.#context;
		if (source.offset < range.metronomeEnd) counts.refused[code]++;
		const refused = { ...source, code };
		const early = this.#early.get(source.offset);
		if (early !== undefined) {
			this.#early.delete(source.offset);
			this.#answer(refused, early);
		} else if (ended.deadLetter) {
			this.#giveUp(refused);
		} else {
			this.#expected.set(source.offset, refused);
			if (this.#expected.size <= limits.deadLettersPerPartitionMax) return;
			const [oldest] = this.#expected.values();
			this.#expected.delete((oldest as RefusedSource).offset);
			this.#giveUp(oldest as RefusedSource);
		}
	}

	/** The record of `metronome` at this offset was read, and refused (`expect`) or not. */
	passed(sourceOffset: number): void {
		this.#nextSource = sourceOffset + 1;
		if (this.#early.size === 0) return;
		const early = this.#early.get(sourceOffset);
		if (early === undefined) return;
		this.#early.delete(sourceOffset);
		this.#judgeUnexpected(early);
	}

	/** A record of `dead-letter` was read. */
	found(record: LogRecord): void {
		const { counts, topics, range, ended, oldestLetter } = this.#context;
		counts.deadLetters++;
		const sourceTopic = sourceTopicOf(record);
		if (sourceTopic !== undefined && sourceTopic !== topics.metronome) {
			counts.deadLettersForeign++;
			return;
		}
		const letter =
			sourceTopic === undefined
				? "no header source-topic"
				: readDeadLetter(record);
		if (typeof letter === "string") {
			this.#reports.unreadable(record.offset, letter);
			return;
		}
		if (letter.sourcePartition !== range.partition) {
			this.#reports.wrongPartition(letter);
			return;
		}
		const { sourceOffset } = letter;
		oldestLetter.sourceOffset = Math.min(
			oldestLetter.sourceOffset,
			sourceOffset,
		);
		const refused = this.#expected.get(sourceOffset);
		if (refused !== undefined) {
			this.#expected.delete(sourceOffset);
			this.#answer(refused, letter);
		} else if (sourceOffset < range.start.metronome) {
			counts.deadLettersBeforeStart++;
		} else if (this.#answered.has(sourceOffset)) {
			this.#reports.duplicated(letter);
		} else if (sourceOffset < this.#nextSource) {
			this.#judgeUnexpected(letter);
		} else if (ended.metronome) {
			this.#judgeBeyond(letter);
		} else if (this.#early.has(sourceOffset)) {
			this.#reports.duplicated(letter);
		} else {
			this.#early.set(sourceOffset, letter);
		}
	}

	/** No more ticks come. */
	endTicks(): void {
		for (const letter of this.#early.values()) this.#judgeBeyond(letter);
		this.#early.clear();
	}

	/** No more dead letters come: what is expected is missing. */
	endLetters(): void {
		for (const refused of this.#expected.values()) this.#giveUp(refused);
		this.#expected.clear();
	}

	#answer(refused: RefusedSource, letter: DeadLetter): void {
		this.#reports.compare(refused, letter);
		this.#answered.add(refused.offset);
		if (this.#answered.size > this.#context.limits.deadLettersPerPartitionMax) {
			const [oldest] = this.#answered;
			this.#answered.delete(oldest as number);
		}
	}

	/** A dead letter for a record that was not refused here. */
	#judgeUnexpected(letter: DeadLetter): void {
		const { counts, range } = this.#context;
		const isUndecided =
			isCut(range) &&
			STATE_CODES.has(letter.code) &&
			letter.deviceId !== null &&
			this.#isUndecided(letter.deviceId, letter.sourceOffset);
		if (isUndecided) counts.deadLettersBeforeStart++;
		else this.#reports.unexpected(letter);
	}

	/** A dead letter whose source is not among the ticks that were read. */
	#judgeBeyond(letter: DeadLetter): void {
		const { counts, range } = this.#context;
		const mayBeLater =
			!range.ticksCoverRecords && letter.sourceOffset >= this.#nextSource;
		if (mayBeLater) counts.deadLettersBeyondEnd++;
		else this.#reports.unexpected(letter);
	}

	#giveUp(refused: RefusedSource): void {
		const { range, counts } = this.#context;
		if (refused.offset >= range.metronomeEnd) return;
		if (mayLackLetter(this.#context, refused.offset)) {
			counts.deadLettersRemoved++;
		} else this.#reports.missing(refused);
	}
}
