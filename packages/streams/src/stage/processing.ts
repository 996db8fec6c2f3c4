/**
 * Step 4 of docs/how-it-works/exactly-once.md: the records of a partition are processed in
 * transactions of bounded size. One input is processed batch by batch, as it is read. Several
 * inputs, and timers, are processed from a buffer.
 */
import type { GroupBatch, LogRecord, TransactionalProducer } from "../log.ts";
import { Chunk, type ChunkOptions } from "./chunk.ts";
import { InputBuffer } from "./input-buffer.ts";
import { eventTimeOf, type KeyedSteps } from "./keyed-steps.ts";
import type { StageRuntime } from "./runtime.ts";
import { type Position, positionValue } from "./start-position.ts";
import { writtenTopics } from "./written-topics.ts";

/** What processing needs from its task. */
export interface ProcessingHost {
	/** Whether the task runs and is not stopping. */
	working(): boolean;
	/** Continues to read an input at an offset. */
	seek(input: number, offset: number): void;
	/** Stops reading an input until the next seek. */
	pause(input: number): void;
	/**
	 * The position in an input, checked against the log: something else was read than was expected.
	 */
	checked(input: number, next: number): Promise<number>;
	committed(now: number): void;
}

export class Processing<I, S, O> {
	readonly #runtime: StageRuntime<I, S, O>;
	readonly #partition: number;
	readonly #producer: TransactionalProducer;
	readonly #steps: KeyedSteps<I, S, O>;
	readonly #host: ProcessingHost;
	readonly #chunks: ChunkOptions;
	#nexts: readonly number[] = [];
	/** Where the inputs end, as far as is known. */
	#ends: number[] = [];
	/** With several inputs: what was read and not processed yet. */
	#buffer: InputBuffer | undefined;
	readonly #paused = new Set<number>();

	constructor(
		runtime: StageRuntime<I, S, O>,
		partition: number,
		producer: TransactionalProducer,
		steps: KeyedSteps<I, S, O>,
		host: ProcessingHost,
	) {
		const { stage, topics, prepared, options } = runtime;
		this.#runtime = runtime;
		this.#partition = partition;
		this.#producer = producer;
		this.#steps = steps;
		this.#host = host;
		this.#chunks = {
			stage: stage.name,
			sameKey: stage.sameKey === true,
			partition,
			topics,
			written: writtenTopics(topics, prepared.current.counts),
			deadLetterPartitions:
				prepared.current.counts.get(topics.deadLetter.name) ?? 1,
			old: runtime.old,
			limits: options,
		};
	}

	/** The next offset of each input. */
	get nexts(): readonly number[] {
		return this.#buffer?.nexts ?? this.#nexts;
	}

	/** Sets where to begin. ends: where the inputs end now. */
	begin({ nexts, clock }: Position, ends: readonly number[]): void {
		this.#nexts = nexts;
		this.#ends = [...ends];
		this.#steps.clock.restore(clock, this.#runtime.clock.now());
		this.readAgain();
	}

	/** Continues to read all inputs where the processing is. */
	readAgain(): void {
		const nexts = this.nexts;
		this.#nexts = nexts;
		if (nexts.length > 1)
			this.#buffer = new InputBuffer(nexts, this.#ends, {
				timeOf: (record) =>
					this.#runtime.stage.recordTime?.(record) ?? eventTimeOf(record),
				onGivenUp: (input, waitedMs) => this.#goOnWithout(input, waitedMs),
			});
		this.#paused.clear();
		for (const [input, next] of nexts.entries()) this.#host.seek(input, next);
	}

	#goOnWithout(input: number, waitedMs: number): void {
		const { logger, stage, topics } = this.#runtime;
		logger.warn(
			{
				stage: stage.name,
				topic: topics.inputs[input],
				partition: this.#partition,
				waitedMs,
			},
			"records of this input exist but do not come: the other inputs go on without them, out of the order of time",
		);
	}

	/**
	 * With several inputs: takes a batch into the buffer at once, so that the batches of one fetch
	 * are all there before the first of them is processed.
	 */
	offer(input: number, batch: GroupBatch): void {
		const buffer = this.#buffer;
		if (buffer === undefined || batch.fetchedOffset > buffer.read(input))
			return;
		buffer.add(input, batch);
		if (!buffer.full(input) || this.#paused.has(input)) return;
		this.#paused.add(input);
		this.#host.pause(input);
	}

	/** Processes a batch in transactions of bounded size. */
	async batch(input: number, batch: GroupBatch): Promise<void> {
		const expected = this.#buffer?.read(input) ?? (this.#nexts[0] as number);
		this.#ends[input] = Math.max(this.#ends[input] ?? 0, batch.highWatermark);
		// Reading was at another offset, or retention has deleted past the position.
		if (batch.fetchedOffset > expected) {
			const next = await this.#host.checked(input, expected);
			if (next > expected) this.#skipTo(input, next);
			return this.#host.seek(input, next);
		}
		// An end below the position means another topic, which kafkajs has begun to read from its
		// start.
		if (batch.highWatermark < expected)
			await this.#host.checked(input, expected);
		if (this.#buffer === undefined) return this.#single(batch);
		this.offer(input, batch);
		await this.#merged(batch);
	}

	/** Retention has deleted what comes before an offset. What was read before it is dropped. */
	#skipTo(input: number, next: number): void {
		this.#nexts = this.nexts.map((old, i) => (i === input ? next : old));
		if (this.#buffer !== undefined) this.readAgain();
	}

	async #single(batch: GroupBatch): Promise<void> {
		const { records } = batch;
		const first = this.#nexts[0] as number;
		let i = records.findIndex((record) => record.offset >= first);
		if (i < 0) i = records.length;
		while (i < records.length && this.#host.working()) {
			const chunk = this.#newChunk();
			let next = this.#nexts[0] as number;
			while (
				i < records.length &&
				!chunk.full &&
				this.#steps.apply(records[i] as LogRecord, chunk)
			)
				next = (records[i++] as LogRecord).offset + 1;
			if (i === records.length) next = batch.nextOffset;
			await this.#commit(chunk, [next]);
			this.#measure(records[i - 1]);
			if (i < records.length && !(await batch.keepAlive())) break;
		}
		// The rest after the last record (the end of a transaction, aborted records) is skipped
		// without a transaction of its own.
		if (i === records.length)
			this.#nexts = [Math.max(this.#nexts[0] as number, batch.nextOffset)];
		if (this.#steps.due) await this.timers();
		this.#measure(undefined);
		if ((this.#nexts[0] as number) < batch.nextOffset && this.#host.working())
			this.#host.seek(0, this.#nexts[0] as number);
	}

	/** Processes what the buffer gives out. */
	async #merged(batch: GroupBatch | undefined): Promise<void> {
		const buffer = this.#buffer as InputBuffer;
		const { clock } = this.#runtime;
		while (this.#host.working()) {
			const chunk = this.#newChunk();
			let last: LogRecord | undefined;
			while (!chunk.full) {
				const record = buffer.peek(clock.now());
				if (record === undefined || !this.#steps.apply(record, chunk)) break;
				buffer.take(record);
				last = record;
			}
			if (chunk.empty) break;
			await this.#commit(chunk, buffer.nexts);
			this.#measure(last);
			if (batch !== undefined && !(await batch.keepAlive())) break;
		}
		if (this.#steps.due) await this.timers();
		this.#measure(undefined);
		for (const input of this.#paused) {
			if (buffer.full(input)) continue;
			this.#paused.delete(input);
			this.#host.seek(input, buffer.read(input));
		}
	}

	/**
	 * Called now and then: processes records that have waited long enough for another input's, and
	 * lets the clock advance while none come.
	 */
	async tick(): Promise<void> {
		if (this.#buffer !== undefined) await this.#merged(undefined);
		if (!this.#steps.timed || this.lag > 0) return;
		this.#steps.clock.idle(this.#runtime.clock.now());
		if (this.#steps.due) await this.timers();
	}

	/** Fires all timers that are due, in as many transactions as it takes. */
	async timers(): Promise<void> {
		while (this.#steps.due && this.#host.working()) {
			const chunk = this.#newChunk();
			this.#steps.fireDue(chunk);
			await this.#commit(chunk, this.nexts, false);
		}
	}

	/** Number of input records known to exist and not processed yet. */
	get lag(): number {
		if (this.#buffer !== undefined) return this.#buffer.lag;
		return Math.max(0, (this.#ends[0] ?? 0) - (this.#nexts[0] ?? 0));
	}

	#newChunk(): Chunk {
		return new Chunk(this.#chunks, this.#runtime.clock.now());
	}

	async #commit(
		chunk: Chunk,
		nexts: readonly number[],
		busy = true,
	): Promise<void> {
		const { topics, stage, metrics, clock, prepared } = this.#runtime;
		const started = clock.now();
		const position = positionValue(
			{ nexts, clock: this.#steps.timed ? this.#steps.clock.now : undefined },
			topics,
			stage.config,
			prepared.current,
		);
		await this.#producer.transact(
			chunk.outgoing(
				position,
				(key) => this.#steps.encode(key),
				(key) => this.#steps.encodeTimers(key),
				started,
			),
		);
		this.#nexts = nexts;
		const ended = clock.now();
		if (busy) this.#steps.clock.busy(ended);
		metrics.transactions.inc();
		metrics.inputs.inc(chunk.inputs);
		metrics.outputs.inc(chunk.outputs);
		metrics.transactionSeconds.observe((ended - started) / 1_000);
		this.#steps.addCounts();
		this.#host.committed(ended);
	}

	#measure(last: LogRecord | undefined): void {
		// A task that was closed meanwhile has removed its metrics.
		if (!this.#host.working()) return;
		const { metrics, clock } = this.#runtime;
		const partition = this.#partition;
		metrics.lag.set({ partition }, this.lag);
		metrics.keys.set({ partition }, this.#steps.keys);
		if (last === undefined) return;
		const delayMs = clock.now() - last.timestamp;
		metrics.eventTimeDelaySeconds.set({ partition }, delayMs / 1_000);
	}
}
