/**
 * A session: one membership of the group, with a task for each of its partitions. It ends when it
 * is stopped, or at the first failure of any of its tasks. It never recovers from a failure: a new
 * session starts with a new join (steps 5 and 6 of docs/how-it-works/exactly-once.md).
 */
import { StreamsError } from "../errors.ts";
import type { GroupBatch, GroupMember } from "../log.ts";
import { within } from "../time.ts";
import { BroadcastTable } from "./broadcast-table.ts";
import { assertNameIsFree } from "./identity.ts";
import { overdue } from "./overdue.ts";
import { readState, type StateRead } from "./read-state.ts";
import type { StageRuntime } from "./runtime.ts";
import { Task } from "./task.ts";
import { assertSameTopics, topicIdsOf } from "./topic-ids.ts";

const WATCH_INTERVAL_MS = 500;
/** Time for a transaction in progress, and for the group's answer. */
const LEAVE_IN_ORDER_MAX_MS = 8_000;
const CLEAN_UP_MAX_MS = 2_000;

export class Session<I, S, O> {
	readonly #runtime: StageRuntime<I, S, O>;
	readonly #member: GroupMember;
	readonly #tasks = new Map<number, Task<I, S, O>>();
	readonly #failure = Promise.withResolvers<never>();
	#joined = false;
	#rebalancingSince: number | undefined;
	#ended = false;
	readonly #ending = new AbortController();
	readonly #table: BroadcastTable | undefined;

	constructor(runtime: StageRuntime<I, S, O>) {
		const { options, topics, log } = runtime;
		this.#runtime = runtime;
		this.#failure.promise.catch(() => {});
		this.#member = log.member({
			groupId: options.groupId,
			topics: [...topics.inputs, topics.changelog.name],
			sessionTimeoutMs: options.sessionTimeoutMs,
			about: JSON.stringify(runtime.identity),
		});
		const { broadcast } = runtime.stage;
		if (broadcast !== undefined)
			this.#table = new BroadcastTable(
				runtime,
				broadcast,
				options.groupId,
				(error) => this.#end(error),
			);
		runtime.table.current = this.#table;
	}

	get joined(): boolean {
		return this.#joined;
	}

	/** Why the stage does not work now; undefined while it works. */
	notReady(): string | undefined {
		if (!this.#joined) return "joining the consumer group";
		for (const task of this.#tasks.values())
			if (task.state !== "running")
				return `partition ${task.partition} is ${task.state}`;
		return undefined;
	}

	/** The state of a key, if its partition is here. */
	read(key: string): Promise<StateRead> {
		return readState(this.#runtime, this.#member, this.#tasks, key);
	}

	/** Works until the signal is aborted; throws the failure that ended it otherwise. */
	async run(signal: AbortSignal): Promise<void> {
		const stopped = new Promise<void>((resolve) => {
			if (signal.aborted) resolve();
			else signal.addEventListener("abort", () => resolve(), { once: true });
		});
		const watching = new AbortController();
		this.#watchUntil(watching.signal);
		this.#watchTopics(watching.signal);
		let event: "lost" | "failed" = "failed";
		try {
			const work = this.#join().then(() =>
				Promise.race([this.#failure.promise, this.#member.failed, stopped]),
			);
			await Promise.race([work, this.#failure.promise, stopped]);
			event = "lost";
		} finally {
			watching.abort();
			this.#ending.abort();
			this.#ended = true;
			for (const task of this.#tasks.values()) task.stop();
			// Leaving the group lets the next member start at once. A transaction in progress
			// finishes first.
			const { clock } = this.#runtime;
			if (event === "lost") {
				const idle = [...this.#tasks.values()].map((task) => task.idle());
				const left = Promise.all(idle).then(() => this.#member.leave());
				await within(left, LEAVE_IN_ORDER_MAX_MS, clock);
			}
			const closing = [...this.#tasks.values()].map((task) =>
				task.close(event),
			);
			// After a failure the connections may be dead. We do not wait for the clean-up that
			// depends on them: the next session has its own connections.
			if (event === "failed") closing.push(this.#member.leave());
			if (this.#table !== undefined) closing.push(this.#table.close());
			await within(Promise.allSettled(closing), CLEAN_UP_MAX_MS, clock);
		}
	}

	/** The table is opened first, because the first tasks wait for it. */
	async #join(): Promise<void> {
		if (this.#table !== undefined) await this.#table.open();
		if (this.#ended) return;
		await this.#member.start({
			onAssigned: (partitions) => this.#assigned(partitions),
			onRebalancing: () => this.#rebalancing(),
			onBatch: (batch) => this.#batch(batch),
		});
	}

	#assigned(partitions: readonly number[]): void {
		if (this.#ended) return;
		const { logger, metrics, stage } = this.#runtime;
		this.#joined = true;
		this.#checkName();
		this.#rebalancingSince = undefined;
		metrics.rebalances.inc();
		logger.info({ stage: stage.name, partitions }, "joined the group");
		for (const [partition, task] of this.#tasks) {
			if (partitions.includes(partition)) task.keep();
			else {
				this.#tasks.delete(partition);
				task.close("lost").catch(() => {});
			}
		}
		for (const partition of partitions) {
			if (this.#tasks.has(partition)) continue;
			const task: Task<I, S, O> = new Task(
				this.#runtime,
				this.#member,
				partition,
				(error) => this.#fail(task, error),
			);
			this.#tasks.set(partition, task);
			task.open().catch((error: unknown) => this.#fail(task, error));
		}
	}

	/** Two programs that were started at the same time see each other only once they have joined. */
	#checkName(): void {
		const { log, options, identity, clock } = this.#runtime;
		assertNameIsFree(
			log,
			options.groupId,
			identity,
			clock,
			this.#ending.signal,
		).catch((error: StreamsError) => this.#end(error));
	}

	#rebalancing(): void {
		this.#rebalancingSince ??= this.#runtime.clock.now();
		for (const task of this.#tasks.values()) task.suspend();
	}

	async #batch(batch: GroupBatch): Promise<void> {
		const task = this.#tasks.get(batch.partition);
		if (task === undefined || this.#ended) return;
		try {
			if (this.#runtime.topics.inputs.includes(batch.topic))
				await task.accept(batch);
			else await task.restore(batch);
		} catch (error) {
			this.#fail(task, error);
		}
	}

	#fail(task: Task<I, S, O>, error: unknown): void {
		// A failure of a task that was closed meanwhile does not matter: another process has its
		// partition.
		if (task.state === "closed" && this.#tasks.get(task.partition) !== task)
			return;
		this.#end(
			error instanceof StreamsError
				? error
				: new StreamsError(
						"outcome-unknown",
						`partition ${task.partition}: ${(error as Error).message}`,
						{ cause: error },
					),
		);
	}

	/** The first failure is reported at once, because the clean-up after it may take time. */
	#end(failure: StreamsError): void {
		if (this.#ended) return;
		this.#ended = true;
		const { logger, stage } = this.#runtime;
		logger.warn(
			{ stage: stage.name, code: failure.code, reason: failure.message },
			failure.fatal
				? "session failed: the stage stops, as a restart would meet the same"
				: "session failed: dropping all state and rejoining the group",
		);
		this.#failure.reject(failure);
	}

	async #watchUntil(end: AbortSignal): Promise<void> {
		while (!end.aborted) {
			await this.#runtime.clock.sleep(WATCH_INTERVAL_MS, end);
			if (end.aborted) return;
			this.#watch();
			for (const task of this.#tasks.values()) task.tick();
		}
	}

	/**
	 * Neither side notices when a topic is deleted and created again, so the ids are checked at
	 * intervals.
	 */
	async #watchTopics(end: AbortSignal): Promise<void> {
		const { log, topics, prepared, options, clock } = this.#runtime;
		while (!end.aborted) {
			await clock.sleep(options.topicIdsIntervalMs, end);
			if (end.aborted) return;
			try {
				const ids = await topicIdsOf(log, topics);
				assertSameTopics(prepared.current.topicIds, ids, topics);
				await this.#table?.check();
			} catch (error) {
				// An unreachable broker is asked again later.
				if (error instanceof StreamsError && error.fatal) this.#end(error);
			}
		}
	}

	#watch(): void {
		const { options, clock } = this.#runtime;
		const failure = overdue(
			{
				now: clock.now(),
				lastSignOfLife: this.#member.lastSignOfLife(),
				rebalancingSince: this.#rebalancingSince,
				tasks: this.#tasks.values(),
			},
			options,
		);
		if (failure !== undefined) this.#end(failure);
	}
}
