/**
 * A task: one partition of a stage, from the fence to the last transaction. Of the six steps of docs/exactly-once.md, 1 to 3 are its
 * take-over, 4 is accept; 5 and 6 are the session's.
 *
 * Whatever fails here has an unknown outcome: the task is closed, never mended.
 */
import type {
	GroupBatch,
	GroupMember,
	LogRecord,
	TransactionalProducer,
} from "../log.ts";
import { Chunk } from "./chunk.ts";
import { KeyedSteps } from "./keyed-steps.ts";
import { forgetPartition } from "./metrics.ts";
import type { StageRuntime } from "./runtime.ts";
import { positionValue } from "./start-position.ts";
import { TakeOver } from "./take-over.ts";
import { nextTaskState, type TaskEvent, type TaskState } from "./task-state.ts";

export class Task<I, S, O> {
	readonly partition: number;
	readonly #runtime: StageRuntime<I, S, O>;
	readonly #member: GroupMember;
	readonly #producer: TransactionalProducer;
	readonly #steps: KeyedSteps<I, S, O>;
	readonly #takeOver: TakeOver<I, S, O>;
	readonly #openedAt: number;
	readonly #onTrouble: (error: unknown) => void;
	#state: TaskState = "assigned";
	/** Next offset to read: of the changelog while restoring, of the input while running. */
	#next = 0;
	#stopping = false;
	#turn: Promise<void> = Promise.resolve();
	#groupOffsetAt = 0;

	/** onTrouble: told of what went wrong with an accepted batch; the task does nothing after it. */
	constructor(
		runtime: StageRuntime<I, S, O>,
		member: GroupMember,
		partition: number,
		onTrouble: (error: unknown) => void,
	) {
		this.partition = partition;
		this.#onTrouble = onTrouble;
		this.#runtime = runtime;
		this.#member = member;
		this.#openedAt = runtime.clock.now();
		this.#producer = runtime.log.transactionalProducer(
			`${runtime.topics.output.name}-${partition}`,
			runtime.options.transactionTimeoutMs,
		);
		this.#steps = new KeyedSteps(runtime, partition);
		this.#takeOver = new TakeOver(
			runtime,
			this.#producer,
			partition,
			(key, text, record) => this.#steps.restore(key, text, record),
		);
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

	/** Fences the earlier owner, and begins to read the changelog. */
	async open(): Promise<void> {
		const { topics } = this.#runtime;
		this.#member.pause(topics.input, this.partition);
		this.#member.pause(topics.changelog.name, this.partition);
		const from = await this.#takeOver.fence();
		if (this.#meet("barrier-written")) this.#seek(topics.changelog.name, from);
	}

	/** A batch of the changelog. At the barrier the task begins to run. */
	async restore(batch: GroupBatch): Promise<void> {
		const { topics } = this.#runtime;
		if (this.#state !== "restoring") return;
		if (batch.fetchedOffset > this.#next)
			return this.#seek(topics.changelog.name, this.#next);
		const done = this.#takeOver.take(
			batch.records.filter((record) => record.offset >= this.#next),
			batch.nextOffset,
		);
		this.#next = Math.max(this.#next, batch.nextOffset);
		if (!done) return;
		this.#member.pause(topics.changelog.name, this.partition);
		const next = await this.#takeOver.inputOffset();
		if (!this.#meet("restored")) return;
		this.#seek(topics.input, next);
		this.#sayRunning(next);
	}

	#sayRunning(next: number): void {
		const { logger, metrics, clock, stage } = this.#runtime;
		const { partition } = this;
		const { keys } = this.#steps;
		const { restored } = this.#takeOver;
		const seconds = (clock.now() - this.#openedAt) / 1_000;
		metrics.restoreSeconds.observe(seconds);
		metrics.keys.set({ partition }, keys);
		logger.info(
			{ stage: stage.name, partition, next, keys, restored, seconds },
			"the partition is running",
		);
	}

	/**
	 * Takes a batch of the input. Resolves when the next one may come: one waits while one is processed. The group fetches for all
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
		const { topics, options } = this.#runtime;
		if (this.#state !== "running") return;
		// Reading is somewhere else, or retention has overtaken the position.
		if (batch.fetchedOffset > this.#next) {
			const next = await this.#takeOver.startAt(this.#next);
			return this.#seek(topics.input, next);
		}
		const { records } = batch;
		let i = records.findIndex((record) => record.offset >= this.#next);
		if (i < 0) i = records.length;
		while (i < records.length && this.#state === "running" && !this.#stopping) {
			const chunk = new Chunk(this.partition, topics, options);
			while (i < records.length && !chunk.full)
				this.#steps.apply(records[i++] as LogRecord, chunk);
			const last = records[i - 1] as LogRecord;
			const next = i === records.length ? batch.nextOffset : last.offset + 1;
			await this.#commit(chunk, next);
			this.#measure(batch, last);
			if (i < records.length && !(await batch.keepAlive())) break;
		}
		// What follows the last record (the end of a transaction, aborted records) is passed over without a transaction of its own.
		if (i === records.length)
			this.#next = Math.max(this.#next, batch.nextOffset);
		this.#measure(batch, undefined);
		if (this.#next < batch.nextOffset && this.#state === "running")
			this.#seek(topics.input, this.#next);
	}

	async #commit(chunk: Chunk, next: number): Promise<void> {
		const { topics, stage, metrics, clock } = this.#runtime;
		const started = clock.now();
		const outgoing = chunk.outgoing(
			positionValue(next, topics, stage.config),
			(key) => this.#steps.encode(key),
			started,
		);
		await this.#producer.transact(outgoing);
		this.#next = next;
		const ended = clock.now();
		metrics.transactions.inc();
		metrics.inputs.inc(chunk.inputs);
		metrics.outputs.inc(chunk.outputs);
		metrics.transactionSeconds.observe((ended - started) / 1_000);
		this.#steps.tellCounts();
		this.#tellGroup(ended);
	}

	#measure({ highWatermark }: GroupBatch, last: LogRecord | undefined): void {
		// One that was closed meanwhile has taken its figures back.
		if (this.#state === "closed") return;
		const { metrics, clock } = this.#runtime;
		const { partition } = this;
		metrics.lag.set({ partition }, Math.max(0, highWatermark - this.#next));
		metrics.keys.set({ partition }, this.#steps.keys);
		if (last === undefined) return;
		const delayMs = clock.now() - last.timestamp;
		metrics.eventTimeDelaySeconds.set({ partition }, delayMs / 1_000);
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
		// After the transaction under way, which moves the position.
		if (this.#state === "running") {
			this.#inTurn(() => {
				if (this.#state === "running") this.#seek(topics.input, this.#next);
			});
		} else this.#member.pause(topics.input, this.partition);
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
		forgetPartition(this.#runtime.metrics, this.partition);
		this.#steps.clear();
		await this.#producer.close();
	}

	#seek(topic: string, offset: number): void {
		this.#next = offset;
		this.#member.seek(topic, this.partition, offset);
		this.#member.resume(topic, this.partition);
	}
}
