/**
 * How a task takes its partition over, steps 1 to 3 of docs/exactly-once.md: fence the earlier owner, restore the states from the
 * changelog, and find where the input goes on.
 */
import { randomUUID } from "node:crypto";
import { StreamsError } from "../errors.ts";
import type { LogRecord, OffsetRange, TransactionalProducer } from "../log.ts";
import {
	barrierRecord,
	ChangelogRestore,
	positionRecord,
	type StateSink,
} from "./changelog.ts";
import type { StageRuntime } from "./runtime.ts";
import {
	assertUntouched,
	nextOfPosition,
	positionValue,
	startAt,
} from "./start-position.ts";

export class TakeOver<I, S, O> {
	readonly #runtime: StageRuntime<I, S, O>;
	readonly #producer: TransactionalProducer;
	readonly #partition: number;
	readonly #onState: StateSink;
	#restore: ChangelogRestore | undefined;

	/** onState: takes each state that is restored. */
	constructor(
		runtime: StageRuntime<I, S, O>,
		producer: TransactionalProducer,
		partition: number,
		onState: StateSink,
	) {
		this.#runtime = runtime;
		this.#producer = producer;
		this.#partition = partition;
		this.#onState = onState;
	}

	/** Changelog records read so far. */
	get restored(): number {
		return this.#restore?.count ?? 0;
	}

	/** Step 1, and the barrier of step 2: from here on no earlier owner can write. Returns where the changelog is to be read from. */
	async fence(): Promise<number> {
		const { topics, metrics } = this.#runtime;
		const { id, offset } = await this.#writeBarrier();
		const { low } = await this.#range(topics.changelog.name);
		this.#restore = new ChangelogRestore(id, offset, this.#onState);
		metrics.restoreTarget.set({ partition: this.#partition }, offset);
		return low;
	}

	/** Step 2: records of the changelog, read up to nextOffset. True: the barrier is reached, all is restored. */
	take(records: readonly LogRecord[], nextOffset: number): boolean {
		const done = this.#restore?.take(records, nextOffset) ?? false;
		this.#runtime.metrics.restored.set(
			{ partition: this.#partition },
			this.restored,
		);
		return done;
	}

	/** Step 3: the input offset to go on at. */
	async inputOffset(): Promise<number> {
		const { topics, stage } = this.#runtime;
		const position = this.#restore?.position;
		if (position === undefined) return this.#firstPosition();
		return this.startAt(nextOfPosition(position, topics, stage.config));
	}

	/** A position, or the input's start where retention has overtaken it; that is said and counted. */
	async startAt(position: number): Promise<number> {
		const { topics, logger, metrics, stage } = this.#runtime;
		const { next, lost } = startAt(
			position,
			await this.#range(topics.input),
			topics.input,
		);
		if (lost > 0) {
			// To one that was overtaken unawares, what its successor has processed and retention has deleted looks lost as well.
			await this.#writeBarrier();
			metrics.lost.inc(lost);
			logger.error(
				{ stage: stage.name, partition: this.#partition, position, next, lost },
				"input records were deleted by retention before they were processed",
			);
		}
		return next;
	}

	/** No position yet: the earliest input; it is written before any output, so that an output without a position is always foreign. */
	async #firstPosition(): Promise<number> {
		const { topics, clock, stage } = this.#runtime;
		const output = await this.#range(topics.output.name);
		// Records there may be the work of a successor that has fenced us meanwhile: that is no fault of the topics.
		if (output.high > 0) await this.#writeBarrier();
		assertUntouched(output, topics);
		const { low } = await this.#range(topics.input);
		const position = positionValue(low, topics, stage.config);
		await this.#producer.transact(
			new Map([
				[
					topics.changelog.name,
					[positionRecord(this.#partition, position, clock.now())],
				],
			]),
		);
		return low;
	}

	/** The first barrier takes the partition over; any later one proves that nobody else has: it is fenced otherwise. */
	async #writeBarrier(): Promise<{ id: string; offset: number }> {
		const { topics, owner, clock } = this.#runtime;
		const id = randomUUID();
		const [appended] = await this.#producer.transact(
			new Map([
				[
					topics.changelog.name,
					[barrierRecord(this.#partition, { id, owner }, clock.now())],
				],
			]),
		);
		if (appended === undefined) {
			throw new StreamsError("outcome-unknown", "the barrier was not written");
		}
		return { id, offset: appended.baseOffset };
	}

	async #range(topic: string): Promise<OffsetRange> {
		const range = (await this.#runtime.log.offsets(topic))?.[this.#partition];
		if (range !== undefined) return range;
		throw new StreamsError(
			"topic-mismatch",
			`the topic ${topic} has no partition ${this.#partition}`,
		);
	}
}
