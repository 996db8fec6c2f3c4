/**
 * A task: one partition of a stage, from the fence to the last transaction. The six steps of docs/exactly-once.md are its methods, in
 * their order: open (1 and 2), restore (2), begin (3), process (4); 5 and 6 are the session's.
 *
 * Whatever fails here has an unknown outcome: the task is closed, never mended.
 */
import { randomUUID } from "node:crypto";
import { DeadLetter, StreamsError } from "../errors.ts";
import type {
	GroupBatch,
	GroupMember,
	Log,
	LogRecord,
	OffsetRange,
	TransactionalProducer,
} from "../log.ts";
import {
	barrierRecord,
	ChangelogRestore,
	positionRecord,
	unreadable,
} from "./changelog.ts";
import { Chunk } from "./chunk.ts";
import type { StageRuntime } from "./runtime.ts";
import type { StepContext } from "./stage.ts";
import {
	assertUntouched,
	nextOfPosition,
	positionValue,
	startAt,
} from "./start-position.ts";
import { nextTaskState, type TaskEvent, type TaskState } from "./task-state.ts";

export class Task<I, S, O> {
	readonly partition: number;
	readonly #runtime: StageRuntime<I, S, O>;
	readonly #log: Log;
	readonly #member: GroupMember;
	readonly #producer: TransactionalProducer;
	readonly #states = new Map<string, S>();
	readonly #context: StepContext;
	readonly #counts = new Map<string, number>();
	readonly #openedAt: number;
	readonly #onTrouble: (error: unknown) => void;
	#state: TaskState = "assigned";
	#restore: ChangelogRestore | undefined;
	/** Next offset to read: of the changelog while restoring, of the input while running. */
	#next = 0;
	#stopping = false;
	#turn: Promise<void> = Promise.resolve();
	#groupOffsetAt = 0;

	constructor(
		runtime: StageRuntime<I, S, O>,
		member: GroupMember,
		partition: number,
		onTrouble: (error: unknown) => void,
	) {
		this.partition = partition;
		this.#onTrouble = onTrouble;
		this.#runtime = runtime;
		this.#log = runtime.log;
		this.#member = member;
		this.#openedAt = runtime.clock.now();
		this.#producer = runtime.log.transactionalProducer(
			`${runtime.topics.output.name}-${partition}`,
			runtime.options.transactionTimeoutMs,
		);
		const counts = this.#counts;
		this.#context = {
			partition,
			partitions: runtime.topics.changelog.partitions,
			count: (event) => counts.set(event, (counts.get(event) ?? 0) + 1),
		};
	}

	get state(): TaskState {
		return this.#state;
	}

	/** Moves by the table; false where the task is closed, and what was under way comes to nothing. */
	#meet(event: TaskEvent): boolean {
		this.#state = nextTaskState(this.#state, event);
		this.#runtime.metrics.running.set(
			{ partition: this.partition },
			this.#state === "running" ? 1 : 0,
		);
		return this.#state !== "closed";
	}

	/** Steps 1 and 2: fences the earlier owner by the first transaction, whose barrier the restore will read to. */
	async open(): Promise<void> {
		const { topics, metrics } = this.#runtime;
		this.#member.pause(topics.input, this.partition);
		this.#member.pause(topics.changelog.name, this.partition);
		const { id, offset } = await this.#writeBarrier();
		const range = await this.#range(topics.changelog.name);
		if (!this.#meet("barrier-written")) return;
		this.#restore = new ChangelogRestore(id, offset, (key, text, record) =>
			this.#restoreState(key, text, record),
		);
		metrics.restoreTarget.set({ partition: this.partition }, offset);
		this.#seek(topics.changelog.name, range.low);
	}

	/** The first barrier takes the partition over; any later one proves that nobody else has: it is fenced otherwise. */
	async #writeBarrier(): Promise<{ id: string; offset: number }> {
		const { topics, owner, clock } = this.#runtime;
		const id = randomUUID();
		const [appended] = await this.#producer.transact(
			new Map([
				[
					topics.changelog.name,
					[barrierRecord(this.partition, { id, owner }, clock.now())],
				],
			]),
		);
		if (appended === undefined)
			throw new StreamsError("outcome-unknown", "the barrier was not written");
		return { id, offset: appended.baseOffset };
	}

	/** A batch of the changelog. At the barrier the task begins to run. */
	async restore(batch: GroupBatch): Promise<void> {
		const { topics, metrics } = this.#runtime;
		if (this.#state !== "restoring" || this.#restore === undefined) return;
		if (batch.fetchedOffset > this.#next)
			return this.#seek(topics.changelog.name, this.#next);
		const records = batch.records.filter(
			(record) => record.offset >= this.#next,
		);
		const done = this.#restore.take(records, batch.nextOffset);
		this.#next = Math.max(this.#next, batch.nextOffset);
		metrics.restored.set({ partition: this.partition }, this.#restore.count);
		if (!done) return;
		this.#member.pause(topics.changelog.name, this.partition);
		await this.#begin(this.#restore);
	}

	#restoreState(key: string, text: string | null, record: LogRecord): void {
		if (text === null) {
			this.#states.delete(key);
			return;
		}
		try {
			this.#states.set(key, this.#runtime.stage.state.decode(key, text));
		} catch (error) {
			throw unreadable(record, error);
		}
	}

	/** Step 3: from the changelog's position, held against the log, to the input. */
	async #begin(restore: ChangelogRestore): Promise<void> {
		const { topics, logger, metrics, clock, stage } = this.#runtime;
		const { position } = restore;
		const next =
			position === undefined
				? await this.#firstPosition()
				: await this.#startAt(nextOfPosition(position, topics, stage.config));
		if (!this.#meet("restored")) return;
		this.#restore = undefined;
		this.#seek(topics.input, next);
		const seconds = (clock.now() - this.#openedAt) / 1_000;
		metrics.restoreSeconds.observe(seconds);
		metrics.keys.set({ partition: this.partition }, this.#states.size);
		logger.info(
			{
				stage: stage.name,
				partition: this.partition,
				next,
				keys: this.#states.size,
				restored: restore.count,
				seconds,
			},
			"the partition is running",
		);
	}

	async #startAt(position: number): Promise<number> {
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
				{ stage: stage.name, partition: this.partition, position, next, lost },
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
		if (output.high > output.low) await this.#writeBarrier();
		assertUntouched(output, topics);
		const { low } = await this.#range(topics.input);
		const position = positionValue(low, topics, stage.config);
		await this.#producer.transact(
			new Map([
				[
					topics.changelog.name,
					[positionRecord(this.partition, position, clock.now())],
				],
			]),
		);
		return low;
	}

	/**
	 * Step 4: takes a batch of the input. Resolves when the next one may come: one waits while one is processed. The group fetches for all
	 * partitions together, and only when every batch was taken: to wait here for the transaction would hold up the other partitions.
	 */
	async accept(batch: GroupBatch): Promise<void> {
		const before = this.#turn;
		this.#inTurn(() => this.#process(batch));
		await before;
	}

	/** Resolves when all that was accepted is done with. */
	idle(): Promise<void> {
		return this.#turn;
	}

	/** One after the other; nothing follows a trouble. */
	#inTurn(work: () => Promise<void> | void): void {
		this.#turn = this.#turn
			.then(() => (this.#stopping ? undefined : work()))
			.catch((error: unknown) => {
				this.#stopping = true;
				this.#onTrouble(error);
			});
	}

	/** In transactions of bounded size. */
	async #process(batch: GroupBatch): Promise<void> {
		const { topics, options, metrics } = this.#runtime;
		if (this.#state !== "running") return;
		if (batch.fetchedOffset > this.#next) return this.#resync();
		const { records } = batch;
		let i = records.findIndex((record) => record.offset >= this.#next);
		if (i < 0) i = records.length;
		while (i < records.length && this.#state === "running" && !this.#stopping) {
			const chunk = new Chunk(this.partition, topics, options);
			while (i < records.length && !chunk.full)
				this.#apply(records[i++] as LogRecord, chunk);
			const last = records[i - 1] as LogRecord;
			await this.#commit(
				chunk,
				i === records.length ? batch.nextOffset : last.offset + 1,
				last.timestamp,
			);
			metrics.lag.set(
				{ partition: this.partition },
				Math.max(0, batch.highWatermark - this.#next),
			);
			if (i < records.length && !(await batch.keepAlive())) break;
		}
		// What follows the last record (the end of a transaction, aborted records) is passed over without a transaction of its own.
		if (i === records.length)
			this.#next = Math.max(this.#next, batch.nextOffset);
		if (this.#next < batch.nextOffset && this.#state === "running")
			this.#seek(topics.input, this.#next);
	}

	#apply(record: LogRecord, chunk: Chunk): void {
		const { stage, topics, clock, metrics } = this.#runtime;
		chunk.inputs++;
		try {
			const input = stage.decode(record, this.#context);
			const key = stage.keyOf(input);
			const result = stage.step(this.#states.get(key), input, this.#context);
			if (result === undefined) return;
			if (result.outputs !== undefined)
				chunk.output(
					result.outputs.map((output) => stage.encodeOutput(output)),
				);
			if (result.state === undefined) return;
			if (result.state === null) this.#states.delete(key);
			else this.#states.set(key, result.state);
			chunk.changed(key, STATE_BYTES);
		} catch (error) {
			if (!(error instanceof DeadLetter)) {
				const at = `${topics.input}/${record.partition} at ${record.offset}`;
				throw new StreamsError(
					"stage-failed",
					`the stage ${stage.name} threw for the record of ${at}: ${(error as Error).message}`,
					{ cause: error },
				);
			}
			chunk.deadLetter(record, error, clock.now());
			metrics.deadLetters.inc({ code: error.code });
		}
	}

	async #commit(
		chunk: Chunk,
		next: number,
		inputTimestamp: number,
	): Promise<void> {
		const { topics, stage, metrics, clock } = this.#runtime;
		const started = clock.now();
		const outgoing = chunk.outgoing(
			positionValue(next, topics, stage.config),
			(key) => {
				const state = this.#states.get(key);
				return state === undefined ? null : stage.state.encode(state);
			},
			started,
		);
		await this.#producer.transact(outgoing);
		this.#next = next;
		const ended = clock.now();
		metrics.transactions.inc();
		metrics.inputs.inc(chunk.inputs);
		metrics.outputs.inc(chunk.outputs);
		metrics.transactionSeconds.observe((ended - started) / 1_000);
		metrics.eventTimeDelaySeconds.set(
			{ partition: this.partition },
			(ended - inputTimestamp) / 1_000,
		);
		metrics.keys.set({ partition: this.partition }, this.#states.size);
		for (const [event, n] of this.#counts) metrics.events.inc({ event }, n);
		this.#counts.clear();
		this.#tellGroup(ended);
	}

	/** The group's own offset, for the usual lag tools: outside of the transaction, every few seconds, and nobody waits for it. */
	#tellGroup(now: number): void {
		const { options, topics, logger } = this.#runtime;
		if (now - this.#groupOffsetAt < options.groupOffsetIntervalMs) return;
		this.#groupOffsetAt = now;
		this.#member
			.commitOffset(topics.input, this.partition, this.#next)
			.catch((error: Error) => {
				logger.debug(
					{ partition: this.partition, error: error.message },
					"the group's offset was not committed",
				);
			});
	}

	/** The group rebalances. */
	suspend(): void {
		this.#meet("rebalancing");
	}

	/** A join kept the partition here: reading has begun again somewhere else. */
	keep(): void {
		const { topics } = this.#runtime;
		this.#meet("kept");
		if (this.#state === "running")
			// After the transaction under way, which moves the position.
			this.#inTurn(() => this.#seek(topics.input, this.#next));
		else this.#member.pause(topics.input, this.partition);
		if (this.#state === "restoring")
			this.#seek(topics.changelog.name, this.#next);
		else this.#member.pause(topics.changelog.name, this.partition);
	}

	/** The batch under way ends after its transaction. */
	stop(): void {
		this.#stopping = true;
	}

	/** Drops the producer and the state. */
	async close(event: "lost" | "failed"): Promise<void> {
		this.#meet(event);
		this.#states.clear();
		await this.#producer.close();
	}

	#seek(topic: string, offset: number): void {
		this.#next = offset;
		this.#member.seek(topic, this.partition, offset);
		this.#member.resume(topic, this.partition);
	}

	/** A batch begins after the position: reading is somewhere else, or retention has overtaken it. */
	async #resync(): Promise<void> {
		this.#seek(this.#runtime.topics.input, await this.#startAt(this.#next));
	}

	async #range(topic: string): Promise<OffsetRange> {
		const range = (await this.#log.offsets(topic))?.[this.partition];
		if (range === undefined)
			throw new StreamsError(
				"topic-mismatch",
				`the topic ${topic} has no partition ${this.partition}`,
			);
		return range;
	}
}

/** Bytes of a state in the changelog, as the transaction's bound counts them. */
const STATE_BYTES = 100;
