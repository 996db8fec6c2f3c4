/**
 * A task: one partition of a stage, from fencing to the last transaction. Of the six steps in
 * docs/how-it-works/exactly-once.md, steps 1 to 3 are its take-over and step 4 is accept; steps 5
 * and 6 belong to the session.
 *
 * The outcome of anything that fails here is unknown, so a failed task is closed and never
 * repaired.
 */
import type { GroupBatch, GroupMember, TransactionalProducer } from "../log.ts";
import { GroupOffsets } from "./group-offsets.ts";
import { KeyedSteps } from "./keyed-steps.ts";
import { forgetPartition } from "./metrics.ts";
import { Processing } from "./processing.ts";
import type { StageRuntime } from "./runtime.ts";
import { TakeOver } from "./take-over.ts";
import { nextTaskState, type TaskEvent, type TaskState } from "./task-state.ts";

export class Task<I, S, O> {
	readonly partition: number;
	/** ms since 1970. */
	readonly openedAt: number;
	readonly #runtime: StageRuntime<I, S, O>;
	readonly #member: GroupMember;
	readonly #producer: TransactionalProducer;
	readonly #steps: KeyedSteps<I, S, O>;
	readonly #takeOver: TakeOver<I, S, O>;
	readonly #processing: Processing<I, S, O>;
	readonly #groupOffsets: GroupOffsets;
	readonly #onFailure: (error: unknown) => void;
	#state: TaskState = "assigned";
	/** Next offset of the changelog to read while restoring. */
	#restoreNext = 0;
	/** Whether the changelog was read to the barrier. */
	#restored = false;
	/** The broadcast table as it was known to be when the earlier owner was fenced. */
	#table: Promise<void> | undefined;
	#stopping = false;
	#turn: Promise<void> = Promise.resolve();
	#ticking = false;

	/** onFailure: called with the failure of an accepted batch. The task does nothing after it. */
	constructor(
		runtime: StageRuntime<I, S, O>,
		member: GroupMember,
		partition: number,
		onFailure: (error: unknown) => void,
	) {
		this.partition = partition;
		this.#onFailure = onFailure;
		this.#runtime = runtime;
		this.#member = member;
		this.openedAt = runtime.clock.now();
		this.#producer = runtime.log.transactionalProducer(
			`${runtime.topics.output.name}-${partition}`,
			runtime.options.transactionTimeoutMs,
		);
		this.#groupOffsets = new GroupOffsets(runtime, member, partition);
		this.#steps = new KeyedSteps(runtime, partition);
		this.#takeOver = new TakeOver(
			runtime,
			this.#producer,
			partition,
			(key, text, record) => this.#steps.restore(key, text, record),
			(key, text, record) => this.#steps.restoreTimers(key, text, record),
		);
		this.#processing = new Processing(
			runtime,
			partition,
			this.#producer,
			this.#steps,
			{
				working: () => this.#state === "running" && !this.#stopping,
				seek: (input, offset) => this.#seek(this.#input(input), offset),
				pause: (input) => member.pause(this.#input(input), partition),
				checked: (input, next) =>
					this.#takeOver.startAt(this.#input(input), next),
				committed: (now) =>
					this.#groupOffsets.commit(this.#processing.nexts, now),
			},
		);
	}

	#input(index: number): string {
		return this.#runtime.topics.inputs[index] as string;
	}

	get state(): TaskState {
		return this.#state;
	}

	/**
	 * Changes the state by the table. Returns false if the task is closed; work in progress then
	 * has no effect.
	 */
	#meet(event: TaskEvent): boolean {
		this.#state = nextTaskState(this.#state, event);
		this.#runtime.metrics.running.set(
			{ partition: this.partition },
			this.#state === "running" ? 1 : 0,
		);
		return this.#state !== "closed";
	}

	/** Fences the earlier owner, and starts to read the changelog. */
	async open(): Promise<void> {
		const { changelog } = this.#runtime.topics;
		this.#pauseInputs();
		this.#member.pause(changelog.name, this.partition);
		this.#restoreNext = await this.#takeOver.fence();
		// Only now: what the earlier owner has seen of the table was there before it was fenced.
		this.#table = this.#runtime.table.current?.upToDate();
		this.#table?.catch(this.#onFailure);
		if (this.#meet("barrier-written"))
			this.#seek(changelog.name, this.#restoreNext);
	}

	/** Takes a batch of the changelog. At the barrier the task starts to run. */
	async restore(batch: GroupBatch): Promise<void> {
		const { topics } = this.#runtime;
		const { name } = topics.changelog;
		if (this.#state !== "restoring" || this.#restored) return;
		if (batch.fetchedOffset > this.#restoreNext)
			return this.#seek(name, this.#restoreNext);
		const done = this.#takeOver.take(
			batch.records.filter((record) => record.offset >= this.#restoreNext),
			batch.nextOffset,
		);
		this.#restoreNext = Math.max(this.#restoreNext, batch.nextOffset);
		if (!done) return;
		this.#restored = true;
		this.#member.pause(name, this.partition);
		// Not awaited, because the other partitions get nothing while this batch is taken.
		if (this.#table === undefined) await this.#begin();
		else this.#table.then(() => this.#begin()).catch(this.#onFailure);
	}

	/** Everything is restored: starts to run. */
	async #begin(): Promise<void> {
		if (this.#state !== "restoring") return;
		const { topics } = this.#runtime;
		const position = await this.#takeOver.position();
		const ends =
			topics.inputs.length === 1
				? position.nexts
				: await Promise.all(
						topics.inputs.map(
							async (input) => (await this.#takeOver.range(input)).high,
						),
					);
		if (!this.#meet("restored")) return;
		this.#processing.begin(position, ends);
		this.#takeOver.sayDone(this.openedAt, position.nexts, this.#steps.keys);
		// Timers that were due when the earlier owner ended.
		this.#inTurn(() => this.#processing.timers());
	}

	/**
	 * Takes a batch of the input. Resolves when the next batch may come: one batch waits while
	 * another is processed. The group fetches for all partitions together, and only after every
	 * batch was taken. So waiting here for the transaction would delay the other partitions.
	 */
	async accept(batch: GroupBatch): Promise<void> {
		const before = this.#turn;
		const input = this.#runtime.topics.inputs.indexOf(batch.topic);
		if (this.#state === "running") this.#processing.offer(input, batch);
		this.#inTurn(() =>
			this.#state === "running"
				? this.#processing.batch(input, batch)
				: undefined,
		);
		// With several inputs the batches are kept in a buffer, which has a limit of its own.
		if (this.#runtime.topics.inputs.length === 1) await before;
	}

	/** Called now and then, for what happens without a record. */
	tick(): void {
		const { inputs } = this.#runtime.topics;
		if (this.#state !== "running" || this.#ticking) return;
		if (!this.#steps.timed && inputs.length === 1) return;
		this.#ticking = true;
		this.#inTurn(async () => {
			this.#ticking = false;
			if (this.#state === "running") await this.#processing.tick();
		});
	}

	/**
	 * The state of a key between two transactions, when all of it is committed; undefined: the task
	 * does not run now.
	 */
	async read(
		key: string,
	): Promise<
		| { state: string | null; position: readonly number[]; lag: number }
		| undefined
	> {
		let found: Awaited<ReturnType<Task<I, S, O>["read"]>>;
		this.#inTurn(() => {
			const { nexts: position, lag } = this.#processing;
			if (this.#state === "running")
				found = { state: this.#steps.encode(key), position, lag };
		});
		await this.#turn;
		return found;
	}

	/** Resolves when all accepted batches are done. */
	idle(): Promise<void> {
		return this.#turn;
	}

	/** Runs work one after the other. After a failure nothing more runs. */
	#inTurn(work: () => Promise<void> | void): void {
		this.#turn = this.#turn
			.then(() => (this.#stopping ? undefined : work()))
			.catch((error: unknown) => {
				this.#stopping = true;
				this.#onFailure(error);
			});
	}

	/** The group rebalances. */
	suspend(): void {
		this.#meet("rebalancing");
	}

	/** A join left the partition here; reading has started again at another offset. */
	keep(): void {
		const { name } = this.#runtime.topics.changelog;
		this.#meet("kept");
		// Seek only after the transaction in progress, because that one moves the position.
		if (this.#state === "running") {
			this.#inTurn(() => {
				if (this.#state === "running") this.#processing.readAgain();
			});
		} else this.#pauseInputs();
		if (this.#state === "restoring" && !this.#restored)
			this.#seek(name, this.#restoreNext);
		else this.#member.pause(name, this.partition);
	}

	#pauseInputs(): void {
		for (const input of this.#runtime.topics.inputs)
			this.#member.pause(input, this.partition);
	}

	/** Ends the batch in progress after its current transaction. */
	stop(): void {
		this.#stopping = true;
	}

	/** Drops the producer and the state. */
	async close(event: "lost" | "failed"): Promise<void> {
		this.#meet(event);
		forgetPartition(this.#runtime.metrics, this.partition);
		this.#runtime.refused.forgetPartition(this.partition);
		this.#steps.clear();
		await this.#producer.close();
	}

	#seek(topic: string, offset: number): void {
		this.#member.seek(topic, this.partition, offset);
		this.#member.resume(topic, this.partition);
	}
}
