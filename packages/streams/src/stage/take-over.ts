/**
 * How a task takes over its partition, steps 1 to 3 of docs/how-it-works/exactly-once.md: fence the
 * earlier owner, restore the states from the changelog, and find where to continue in the input.
 */
import { randomUUID } from "node:crypto";
import { StreamsError } from "../errors.ts";
import type { LogRecord, OffsetRange, TransactionalProducer } from "../log.ts";
import {
	barrierRecord,
	ChangelogRestore,
	positionRecord,
	type StateSink,
	type TimerSink,
} from "./changelog.ts";
import type { StageRuntime } from "./runtime.ts";
import {
	assertUntouched,
	type Position,
	positionValue,
	readPosition,
	startAt,
} from "./start-position.ts";

export class TakeOver<I, S, O> {
	readonly #runtime: StageRuntime<I, S, O>;
	readonly #producer: TransactionalProducer;
	readonly #partition: number;
	readonly #onState: StateSink;
	readonly #onTimers: TimerSink;
	#restore: ChangelogRestore | undefined;

	/** onState, onTimers: receive what is restored. */
	constructor(
		runtime: StageRuntime<I, S, O>,
		producer: TransactionalProducer,
		partition: number,
		onState: StateSink,
		onTimers: TimerSink,
	) {
		this.#runtime = runtime;
		this.#producer = producer;
		this.#partition = partition;
		this.#onState = onState;
		this.#onTimers = onTimers;
	}

	/** Number of changelog records read so far. */
	get restored(): number {
		return this.#restore?.count ?? 0;
	}

	/**
	 * Step 1, and the barrier of step 2: from here on no earlier owner can write. Returns the
	 * offset from which to read the changelog.
	 */
	async fence(): Promise<number> {
		const { topics, metrics } = this.#runtime;
		const { id, offset } = await this.#writeBarrier();
		const { low } = await this.range(topics.changelog.name);
		this.#restore = new ChangelogRestore(
			id,
			offset,
			this.#onState,
			undefined,
			this.#onTimers,
		);
		metrics.restoreTarget.set({ partition: this.#partition }, offset);
		return low;
	}

	/**
	 * Step 2: takes records of the changelog that were read up to nextOffset. Returns true when the
	 * barrier is reached and everything is restored.
	 */
	take(records: readonly LogRecord[], nextOffset: number): boolean {
		const done = this.#restore?.take(records, nextOffset) ?? false;
		this.#runtime.metrics.restored.set(
			{ partition: this.#partition },
			this.restored,
		);
		return done;
	}

	/** Step 3: where to continue in the inputs, and the clock. */
	async position(): Promise<Position> {
		const { topics, stage, prepared } = this.#runtime;
		const position = this.#restore?.position;
		if (position === undefined) return this.#firstPosition();
		const { nexts, clock } = readPosition(
			position,
			topics,
			stage.config,
			prepared.current,
		);
		return {
			nexts: await Promise.all(
				nexts.map((next, i) => this.startAt(topics.inputs[i] as string, next)),
			),
			clock,
		};
	}

	/** Logs and measures that the task runs. openedAt: ms since 1970. */
	sayDone(openedAt: number, nexts: readonly number[], keys: number): void {
		const { logger, metrics, clock, stage } = this.#runtime;
		const partition = this.#partition;
		const seconds = (clock.now() - openedAt) / 1_000;
		metrics.restoreSeconds.observe(seconds);
		metrics.keys.set({ partition }, keys);
		logger.info(
			{
				stage: stage.name,
				partition,
				next: nexts.length === 1 ? nexts[0] : nexts,
				keys,
				restored: this.restored,
				seconds,
			},
			"the partition is running",
		);
	}

	/**
	 * The position in an input, or the input's start if retention has deleted past the position;
	 * that case is logged and counted.
	 */
	async startAt(input: string, position: number): Promise<number> {
		const { logger, metrics, stage } = this.#runtime;
		const { next, lost } = startAt(position, await this.range(input), input);
		if (lost > 0) {
			// We may have been replaced without noticing. Records that our successor processed and
			// retention then deleted would look lost to us, so prove first that we are still the
			// owner.
			await this.#writeBarrier();
			metrics.lost.inc(lost);
			logger.error(
				{
					stage: stage.name,
					topic: input,
					partition: this.#partition,
					position,
					next,
					lost,
				},
				"input records were deleted by retention before they were processed",
			);
		}
		return next;
	}

	/**
	 * Without a position: start at the earliest input. The position is written before any output,
	 * so an output without a position always belongs to another writer.
	 */
	async #firstPosition(): Promise<Position> {
		const { topics, clock, stage, prepared } = this.#runtime;
		if (stage.sameKey === true) {
			const output = await this.range(topics.output.name);
			// Records in the output may come from a successor that has fenced us meanwhile. Then
			// the topics are fine.
			if (output.high > 0) await this.#writeBarrier();
			assertUntouched(output, topics);
		}
		const ranges = await Promise.all(
			topics.inputs.map((name) => this.range(name)),
		);
		const first = { nexts: ranges.map(({ low }) => low), clock: undefined };
		const position = positionValue(
			first,
			topics,
			stage.config,
			prepared.current,
		);
		await this.#producer.transact(
			new Map([
				[
					topics.changelog.name,
					[positionRecord(this.#partition, position, clock.now())],
				],
			]),
		);
		return first;
	}

	/**
	 * The first barrier takes over the partition. Each later barrier proves that no other process
	 * has taken it since: writing it would be fenced otherwise.
	 */
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

	/** The offsets of a topic in this partition. Throws topic-mismatch. */
	async range(topic: string): Promise<OffsetRange> {
		const range = (await this.#runtime.log.offsets(topic))?.[this.#partition];
		if (range !== undefined) return range;
		throw new StreamsError(
			"topic-mismatch",
			`the topic ${topic} has no partition ${this.#partition}`,
		);
	}
}
