/** What waits to be written: the records of requests, in the order of their arrival. */
import type { Clock, Outgoing, OutgoingRecord } from "@fireworks/streams";
import { TRANSACTION_BYTES_MAX, TRANSACTION_RECORDS_MAX } from "../limits.ts";

/** The records of one request, which are written together or not at all. */
export interface Job {
	readonly outgoing: Outgoing;
	readonly records: number;
	readonly bytes: number;
}

export interface WriteOptions {
	/**
	 * Only this session of the writer may write it: the request's claim names the session. Default:
	 * any.
	 */
	readonly session?: number;
	/** In a transaction of its own. */
	readonly alone?: boolean;
	/** Give up if the transaction has not begun after this. Default: never. */
	readonly waitMs?: number;
}

/**
 * Why a job was not written. unknown: it may have been, or may still be. too-large: a record is
 * larger than its topic accepts. other-session: the writer has opened a new session. alone: no
 * other job was in its transaction.
 */
export class WriteFailed extends Error {
	override readonly name = "WriteFailed";
	readonly reason: "unknown" | "too-large" | "other-session" | "waited";
	readonly alone: boolean;

	constructor(
		reason: WriteFailed["reason"],
		message: string,
		{ alone = false, ...options }: ErrorOptions & { alone?: boolean } = {},
	) {
		super(message, options);
		this.reason = reason;
		this.alone = alone;
	}
}

export interface Waiting {
	readonly job: Job;
	readonly options: WriteOptions;
	readonly done: PromiseWithResolvers<void>;
	/** Ends the wait for its transaction. */
	readonly begun: AbortController;
}

export class WriteQueue {
	readonly #waiting = new Set<Waiting>();
	readonly #clock: Clock;
	#arrival = Promise.withResolvers<void>();

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	get empty(): boolean {
		return this.#waiting.size === 0;
	}

	/** Resolves when the job is written; rejects with WriteFailed. */
	add(job: Job, options: WriteOptions): Promise<void> {
		const waiting: Waiting = {
			job,
			options,
			done: Promise.withResolvers(),
			begun: new AbortController(),
		};
		const { waitMs } = options;
		if (waitMs !== undefined) void this.#limit(waiting, waitMs);
		this.#waiting.add(waiting);
		this.#arrival.resolve();
		return waiting.done.promise;
	}

	/** Ends a wait for an arrival. */
	wake(): void {
		this.#arrival.resolve();
	}

	/** Resolves when something arrives, or after `wake`. */
	async arrival(): Promise<void> {
		this.#arrival = Promise.withResolvers();
		await this.#arrival.promise;
	}

	/** Takes the jobs of the next transaction; rejects those of other sessions. */
	take(session: number): Waiting[] {
		const group: Waiting[] = [];
		let [records, bytes] = [0, 0];
		for (const waiting of this.#waiting) {
			const { job, options } = waiting;
			const theirs = options.session !== undefined;
			if (theirs && options.session !== session) {
				this.#remove(waiting);
				waiting.done.reject(
					new WriteFailed("other-session", "the writer was opened again"),
				);
				continue;
			}
			const full =
				records + job.records > TRANSACTION_RECORDS_MAX ||
				bytes + job.bytes > TRANSACTION_BYTES_MAX ||
				options.alone === true ||
				group[0]?.options.alone === true;
			if (group.length > 0 && full) break;
			this.#remove(waiting);
			group.push(waiting);
			records += job.records;
			bytes += job.bytes;
		}
		return group;
	}

	#remove(waiting: Waiting): void {
		this.#waiting.delete(waiting);
		waiting.begun.abort();
	}

	async #limit(waiting: Waiting, ms: number): Promise<void> {
		const { signal } = waiting.begun;
		await this.#clock.sleep(ms, signal);
		if (signal.aborted) return;
		this.#waiting.delete(waiting);
		waiting.done.reject(
			new WriteFailed("waited", "Kafka has not taken it in time"),
		);
	}
}

/** The records of all jobs, by topic. */
export function outgoingOf(group: readonly Waiting[]): Outgoing {
	const [first] = group;
	if (group.length === 1 && first !== undefined) return first.job.outgoing;
	const all = new Map<string, OutgoingRecord[]>();
	for (const { job } of group)
		for (const [topic, records] of job.outgoing) {
			const known = all.get(topic);
			if (known === undefined) all.set(topic, [...records]);
			else for (const record of records) known.push(record);
		}
	return all;
}
