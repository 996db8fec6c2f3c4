/**
 * A session: one membership of the group, with the tasks of its partitions. It ends by being stopped, or at the first trouble of any of
 * its tasks, and never mends itself: a new session begins with a new join (steps 5 and 6 of docs/exactly-once.md).
 */
import { StreamsError } from "../errors.ts";
import type { GroupBatch, GroupMember } from "../log.ts";
import { within } from "../within.ts";
import type { StageRuntime } from "./runtime.ts";
import { Task } from "./task.ts";

const WATCH_INTERVAL_MS = 500;
/** A transaction under way, and the group's answer. */
const LEAVE_IN_ORDER_MAX_MS = 8_000;
const CLEAN_UP_MAX_MS = 2_000;

export class Session<I, S, O> {
	readonly #runtime: StageRuntime<I, S, O>;
	readonly #member: GroupMember;
	readonly #tasks = new Map<number, Task<I, S, O>>();
	readonly #openedAt = new Map<number, number>();
	readonly #trouble = Promise.withResolvers<never>();
	#joined = false;
	#rebalancingSince: number | undefined;
	#ended = false;

	constructor(runtime: StageRuntime<I, S, O>) {
		const { options, topics, log } = runtime;
		this.#runtime = runtime;
		this.#trouble.promise.catch(() => {});
		this.#member = log.member({
			groupId: options.groupId,
			topics: [topics.input, topics.changelog.name],
			sessionTimeoutMs: options.sessionTimeoutMs,
		});
	}

	get joined(): boolean {
		return this.#joined;
	}

	/** Why the stage does not work now; undefined where it does. */
	notReady(): string | undefined {
		if (!this.#joined) return "joining the consumer group";
		for (const task of this.#tasks.values())
			if (task.state !== "running")
				return `partition ${task.partition} is ${task.state}`;
		return undefined;
	}

	/** Works until the signal is aborted; throws the trouble that ended it otherwise. */
	async run(signal: AbortSignal): Promise<void> {
		const stopped = new Promise<void>((resolve) => {
			if (signal.aborted) resolve();
			else signal.addEventListener("abort", () => resolve(), { once: true });
		});
		const watching = new AbortController();
		this.#watchUntil(watching.signal);
		let event: "lost" | "failed" = "failed";
		try {
			const work = this.#member
				.start({
					onAssigned: (partitions) => this.#assigned(partitions),
					onRebalancing: () => this.#rebalancing(),
					onBatch: (batch) => this.#batch(batch),
				})
				.then(() =>
					Promise.race([this.#trouble.promise, this.#member.failed, stopped]),
				);
			await Promise.race([work, this.#trouble.promise, stopped]);
			event = "lost";
		} finally {
			watching.abort();
			this.#ended = true;
			for (const task of this.#tasks.values()) task.stop();
			// A member that left lets the next one start at once; a transaction under way ends first.
			const { clock } = this.#runtime;
			if (event === "lost") {
				const idle = [...this.#tasks.values()].map((task) => task.idle());
				const left = Promise.all(idle).then(() => this.#member.leave());
				await within(left, LEAVE_IN_ORDER_MAX_MS, clock);
			}
			const closing = [...this.#tasks.values()].map((task) =>
				task.close(event),
			);
			// After a trouble the connections may be dead; what hangs on them is left: the next session has its own.
			if (event === "failed") closing.push(this.#member.leave());
			await within(Promise.allSettled(closing), CLEAN_UP_MAX_MS, clock);
		}
	}

	#assigned(partitions: readonly number[]): void {
		if (this.#ended) return;
		const { logger, metrics, stage, clock } = this.#runtime;
		this.#joined = true;
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
			this.#openedAt.set(partition, clock.now());
			task.open().catch((error: unknown) => this.#fail(task, error));
		}
	}

	#rebalancing(): void {
		this.#rebalancingSince ??= this.#runtime.clock.now();
		for (const task of this.#tasks.values()) task.suspend();
	}

	async #batch(batch: GroupBatch): Promise<void> {
		const task = this.#tasks.get(batch.partition);
		if (task === undefined || this.#ended) return;
		try {
			if (batch.topic === this.#runtime.topics.input) await task.accept(batch);
			else await task.restore(batch);
		} catch (error) {
			this.#fail(task, error);
		}
	}

	#fail(task: Task<I, S, O>, error: unknown): void {
		// A task that was closed meanwhile has nothing to tell: its partition is another's.
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

	/** The first trouble is said at once: cleaning up after it may take its time. */
	#end(trouble: StreamsError): void {
		if (this.#ended) return;
		this.#ended = true;
		const { logger, stage } = this.#runtime;
		logger.warn(
			{ stage: stage.name, code: trouble.code, reason: trouble.message },
			"trouble: everything is dropped, the group will be joined anew",
		);
		this.#trouble.reject(trouble);
	}

	async #watchUntil(end: AbortSignal): Promise<void> {
		while (!end.aborted) {
			await this.#runtime.clock.sleep(WATCH_INTERVAL_MS, end);
			if (!end.aborted) this.#watch();
		}
	}

	#watch(): void {
		const { options, clock } = this.#runtime;
		const silenceMs = clock.now() - this.#member.lastSignOfLife();
		if (silenceMs > options.silenceMaxMs)
			this.#end(
				new StreamsError(
					"consumer-silent",
					`the consumer has not fetched for ${silenceMs} ms`,
				),
			);
		// A coordinator that failed over forgets a rebalance: the consumer goes on fetching then, and the join that all tasks wait for never comes.
		const rebalancingMs = clock.now() - (this.#rebalancingSince ?? clock.now());
		if (rebalancingMs > options.silenceMaxMs)
			this.#end(
				new StreamsError(
					"consumer-silent",
					`the group began to rebalance ${rebalancingMs} ms ago, and no join came of it`,
				),
			);
		for (const task of this.#tasks.values()) {
			if (task.state !== "assigned" && task.state !== "restoring") continue;
			const ms =
				clock.now() - (this.#openedAt.get(task.partition) ?? clock.now());
			if (ms > options.restoreTimeoutMs)
				this.#end(
					new StreamsError(
						"restore-timeout",
						`partition ${task.partition} is ${task.state} after ${ms} ms`,
					),
				);
		}
	}
}
