/**
 * Compares one partition's dead letters with its refused records. Each refused record must have
 * exactly one dead letter, with its code and the source's bytes.
 *
 * A dead letter names its source's offset, by which the two are matched. One that comes before its
 * source was read is *early*: it is judged when its source is read.
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

/**
 * The codes that depend on the device's state, which is unknown before the beginning of its path.
 */
const STATE_CODES: ReadonlySet<string> = new Set<RefusedCode>([
	"clock-restarted",
	"time-not-increasing",
	"not-finite",
]);

export class DeadLetterAudit {
	readonly #context: PartitionContext;
	readonly #reports: DeadLetterReports;
	readonly #isUndecided: (deviceId: string, tickOffset: number) => boolean;
	/** All three are keyed by the source's offset. */
	readonly #expected = new Map<number, RefusedSource>();
	readonly #early = new Map<number, DeadLetter>();
	/**
	 * The newest sources whose dead letters came. They distinguish a duplicate from a dead letter
	 * that was never due.
	 */
	readonly #answered = new Set<number>();
	/** The offset after the last record of `metronome` that was read. */
	#nextSource = 0;

	/**
	 * @param isUndecided whether the device's state at a tick is unknown, because retention has
	 * removed it; called after the tick was read
	 */
	constructor(
		context: PartitionContext,
		isUndecided: (deviceId: string, tickOffset: number) => boolean,
	) {
		this.#context = context;
		this.#reports = new DeadLetterReports(context);
		this.#isUndecided = isUndecided;
	}

	/** Refused records whose dead letters have not come yet. */
	get outstanding(): number {
		return this.#expected.size;
	}

	/** Whether the limit of early dead letters is reached. */
	get isFull(): boolean {
		return this.#early.size >= this.#context.limits.deadLettersPerPartitionMax;
	}

	/** A record of `metronome` was refused, so its dead letter is due. */
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

	/** The record of `metronome` at this offset was read, whether refused (`expect`) or not. */
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

	/** All ticks have been read. */
	endTicks(): void {
		for (const letter of this.#early.values()) this.#judgeBeyond(letter);
		this.#early.clear();
	}

	/** All dead letters have been read: those still expected are missing. */
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

	/** Judges a dead letter for a record that the audit did not refuse. */
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

	/** Judges a dead letter whose source is not among the ticks that were read. */
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
