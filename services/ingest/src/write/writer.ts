/**
 * Writes the records of many requests in few transactions. While one transaction is being written,
 * the requests that arrive gather for the next one. So one request is fast, and many are cheap.
 *
 * A session is the time from opening the producer to its first failure. Its number is the offset of
 * its first record in the topic of the requests, so a later session of the same transactional id
 * has a greater number. That record is in the transaction that fences the earlier session.
 */
import { randomUUID } from "node:crypto";
import type { Logger } from "@fireworks/service-kit";
import {
	type Clock,
	type Log,
	StreamsError,
	type TransactionalProducer,
} from "@fireworks/streams";
import { backOffMs } from "@fireworks/time";
import { sessionRecord } from "../keys/records.ts";
import { REQUESTS_TOPIC } from "../keys/topics.ts";
import { BACK_OFF, GATHER_MS, TRANSACTION_TIMEOUT_MS } from "../limits.ts";
import {
	type Job,
	outgoingOf,
	type Waiting,
	WriteFailed,
	type WriteOptions,
	WriteQueue,
} from "./write-queue.ts";

export interface WriterOptions {
	log: Log;
	logger: Pick<Logger, "warn">;
	clock: Clock;
	/** Makes the topics that every session needs. */
	prepare(): Promise<void>;
	/** Of the process: a session record with another one belongs to another process. */
	owner: string;
	transactionalId: string;
	/** The process that has the newest session of a transactional id, if that is known. */
	ownerOf(id: string): string | undefined;
	/** Called after each transaction with its duration. */
	onCommit(ms: number): void;
	/** Called after each failure of a session. */
	onFailure(code: string): void;
}

export interface WriterSession {
	readonly id: string;
	readonly number: number;
}

export class Writer {
	readonly #options: WriterOptions;
	readonly #queue: WriteQueue;
	#id: string;
	#used = false;
	#session: WriterSession | undefined;
	#opened = Promise.withResolvers<WriterSession>();
	#notReady: string | undefined = "the writer has not connected to Kafka yet";
	readonly #stop = new AbortController();

	constructor(options: WriterOptions) {
		this.#options = options;
		this.#queue = new WriteQueue(options.clock);
		this.#id = options.transactionalId;
	}

	notReady(): string | undefined {
		return this.#notReady;
	}

	/** The current session, or the next one. */
	async session(): Promise<WriterSession> {
		return this.#session ?? this.#opened.promise;
	}

	/** Resolves when the job is written; rejects with WriteFailed. */
	write(job: Job, options: WriteOptions = {}): Promise<void> {
		return this.#queue.add(job, options);
	}

	/** Ends a session that another process has taken over; a new one begins. */
	end(session: number): void {
		if (this.#session?.number !== session) return;
		this.#close();
		this.#queue.wake();
	}

	/** Lets `run` return once everything that waits is written. */
	stop(): void {
		this.#stop.abort();
		this.#queue.wake();
	}

	/** Writes until it is stopped; rejects with an unrecoverable error. */
	async run(): Promise<void> {
		const { log, logger, clock, onFailure } = this.#options;
		const { signal } = this.#stop;
		let failures = 0;
		while (!signal.aborted) {
			if (this.#used) this.#avoid();
			const id = this.#id;
			let wasOpen = false;
			const producer = log.transactionalProducer(id, TRANSACTION_TIMEOUT_MS);
			try {
				await this.#open(producer, id);
				wasOpen = true;
				await this.#writeAll(producer, () => {
					failures = 0;
				});
				return;
			} catch (error) {
				this.#close();
				const code = error instanceof StreamsError ? error.code : "failed";
				onFailure(code);
				// What one stream's topic refuses is a failure of that stream only.
				if (!wasOpen && error instanceof StreamsError && error.fatal)
					throw error;
				this.#notReady = `${code}: ${(error as Error).message}`;
				failures++;
				logger.warn(
					{ err: error, failures },
					"the writer failed: opening it again",
				);
				await clock.sleep(backOffMs(BACK_OFF, failures), signal);
			} finally {
				await producer.close().catch(() => {});
			}
		}
	}

	/**
	 * Another process began a session after ours: two machines have the same name. Without another
	 * id the two would fence each other without end.
	 */
	#avoid(): void {
		const { ownerOf, owner, transactionalId } = this.#options;
		const newest = ownerOf(this.#id);
		if (newest !== undefined && newest !== owner)
			this.#id = `${transactionalId}-${randomUUID().slice(0, 8)}`;
	}

	async #open(producer: TransactionalProducer, id: string): Promise<void> {
		await this.#options.prepare();
		const [appended] = await producer.transact(
			new Map([
				[
					REQUESTS_TOPIC,
					[
						sessionRecord(
							{ id, owner: this.#options.owner },
							this.#options.clock.now(),
						),
					],
				],
			]),
		);
		if (appended === undefined)
			throw new StreamsError("outcome-unknown", "nothing was written");
		this.#session = { id, number: appended.baseOffset };
		this.#used = true;
		this.#notReady = undefined;
		this.#opened.resolve(this.#session);
	}

	#close(): void {
		if (this.#session === undefined) return;
		this.#session = undefined;
		this.#opened = Promise.withResolvers();
	}

	async #writeAll(
		producer: TransactionalProducer,
		onCommit: () => void,
	): Promise<void> {
		for (;;) {
			if (this.#session === undefined)
				throw new StreamsError("fenced", "another process has taken over");
			if (this.#queue.empty) {
				if (this.#stop.signal.aborted) return;
				await this.#queue.arrival();
				await this.#options.clock.sleep(GATHER_MS);
				continue;
			}
			const group = this.#queue.take(this.#session.number);
			if (group.length === 0) continue;
			await this.#commit(producer, group);
			onCommit();
		}
	}

	async #commit(
		producer: TransactionalProducer,
		group: readonly Waiting[],
	): Promise<void> {
		const started = this.#options.clock.now();
		try {
			await producer.transact(outgoingOf(group));
		} catch (error) {
			const tooLarge =
				error instanceof StreamsError && error.code === "record-too-large";
			const failed = new WriteFailed(
				tooLarge ? "too-large" : "unknown",
				(error as Error).message,
				{ alone: group.length === 1, cause: error },
			);
			// The session ends first: what is tried again must not use it.
			this.#close();
			for (const { done } of group) done.reject(failed);
			throw error;
		}
		this.#options.onCommit(this.#options.clock.now() - started);
		for (const { done } of group) done.resolve();
	}
}
