/**
 * Keeps the queue at the topic's end: one reader of all partitions, reopened with back-off whenever
 * it fails.
 *
 *   waiting -the topic exists-> reading -its recent past is read-> filled (once)
 *   reading -failed, silent, or the topic's ends or id contradict it-> waiting, then on from the
 *            queue's next offsets
 *
 * A failure loses or doubles no record: only the queue's `next` says what was read. If the log no
 * longer has the next records, the queue is restarted, and so are all clients. (Retention took
 * them, or the topic was deleted and recreated, or has other partitions.)
 */
import { type LogReader, StreamsError } from "@fireworks/streams";
import { aborted, backOffMs, type Clock, delay, within } from "@fireworks/time";
import type { Counts } from "../counts.ts";
import { READER_BACK_OFF, READER_CLOSE_MS, TOPIC_POLL_MS } from "../limits.ts";
import { contradiction, replaced } from "./contradiction.ts";
import { LagTracker } from "./lag-tracker.ts";
import type { ReadableLog, ReaderLogger, RecordSink } from "./readable-log.ts";
import { Readiness } from "./readiness.ts";
import { NoTopic, type TopicNow, topicNow } from "./topic-now.ts";
import { watchTopic } from "./topic-watch.ts";

export interface StreamReaderOptions {
	log: ReadableLog;
	topic: string;
	ingest: RecordSink;
	clock: Clock;
	counts: Pick<Counts, "received" | "readerFailures" | "streamRestarts">;
	logger: ReaderLogger;
	/** The topic may not exist yet: that is logged as information. Default: as a warning. */
	mayBeAbsent?: boolean;
}

export class StreamReader {
	readonly #options: StreamReaderOptions;
	readonly #lag = new LagTracker();
	readonly #readiness: Readiness;
	/** Rises with each reader, so that calls from an abandoned reader can be ignored. */
	#reader = 0;
	readonly #closing = new Set<Promise<void>>();
	#absent = false;

	constructor(options: StreamReaderOptions) {
		this.#options = options;
		this.#readiness = new Readiness(options.ingest.queue, options.clock);
	}

	/** Whether the queue was filled once: from then on it has correct data to show. */
	get filled(): boolean {
		return this.#readiness.filled;
	}

	/** Whether the queue was filled once, except for what may never arrive. */
	get nearlyFilled(): boolean {
		return this.#readiness.nearlyFilled;
	}

	/** Whether the topic did not exist at the last attempt to read it. */
	get absent(): boolean {
		return this.#absent;
	}

	/** Offsets from here to the topic's end at the last check, by partition. */
	lag(): number[] {
		return this.#lag.lag(this.#options.ingest.queue.next);
	}

	/** Why it is not reading at the topic's end, or undefined. */
	notReady(): string | undefined {
		return this.#readiness.notReady();
	}

	/**
	 * Reads until the signal is aborted; then closes the reader and removes its group before it
	 * returns. Throws if Kafka rejects our credentials, which is unrecoverable.
	 */
	async run(signal: AbortSignal): Promise<void> {
		const { clock, counts, logger, topic } = this.#options;
		this.#readiness.away("starting");
		for (let attempt = 0; !signal.aborted; attempt++) {
			const arrivedBefore = counts.received;
			try {
				await this.#readOnce(signal);
			} catch (error) {
				const why = error instanceof Error ? error.message : String(error);
				counts.readerFailures++;
				if (error instanceof StreamsError && error.fatal) throw error;
				if (counts.received > arrivedBefore) attempt = 0;
				this.#absent = error instanceof NoTopic;
				const isExpected = this.#absent && this.#options.mayBeAbsent === true;
				if (why !== this.#readiness.why || attempt === 0)
					logger[isExpected ? "info" : "warn"](
						{ topic, attempt, why },
						"not reading: trying again",
					);
				this.#readiness.away(why);
				const waitMs = backOffMs(READER_BACK_OFF, attempt + 1);
				await delay(
					clock,
					this.#absent ? Math.min(waitMs, TOPIC_POLL_MS) : waitMs,
					signal,
				);
			}
		}
		await within(Promise.all(this.#closing), READER_CLOSE_MS, clock);
	}

	async #readOnce(signal: AbortSignal): Promise<void> {
		const { log, topic, ingest, clock, logger } = this.#options;
		const { queue } = ingest;
		this.#position(await topicNow(log, topic));
		this.#absent = false;
		this.#lag.reset();
		const over = new AbortController();
		const stop = AbortSignal.any([signal, over.signal]);
		const opening = this.#open();
		try {
			const reader = await Promise.race([opening, aborted(stop)]);
			if (reader === undefined) return;
			this.#readiness.connected();
			logger.info({ topic, next: queue.next }, "reading");
			await Promise.race([
				ended(reader),
				watchTopic({ log, topic, queue, lag: this.#lag, clock }, stop),
				aborted(stop),
			]);
		} finally {
			over.abort();
			this.#reader++;
			// Do not wait for it: with its broker gone it takes seconds, and the next reader is
			// needed now.
			this.#close(opening);
		}
	}

	#open(): Promise<LogReader> {
		const { log, topic, ingest } = this.#options;
		const mine = ++this.#reader;
		return log.read({
			topics: [topic],
			name: "fireworks-middleware",
			from: (_, partition) => ingest.queue.next[partition] ?? 0,
			onRecords: (_, partition, records) => {
				if (mine !== this.#reader) return;
				this.#readiness.arrived(partition);
				ingest.take(partition, records);
			},
		});
	}

	/** Where to go on; the first time, or if going on is impossible, from the recent past. */
	#position({ id, ranges }: TopicNow): void {
		const { counts, ingest, logger, topic } = this.#options;
		const { queue } = ingest;
		const why = replaced(queue.stream, id) ?? contradiction(queue.next, ranges);
		if (why === undefined) return;
		if (queue.next.length > 0) {
			counts.streamRestarts++;
			logger.warn(
				{ topic, why },
				"the stream is restarted: its recent past is read again, and every client gets a snapshot",
			);
		}
		const share = Math.floor(ingest.recordsMax / ranges.length);
		ingest.restart(
			ranges.map(({ low, high }) => Math.max(low, high - share)),
			id ?? "",
		);
		this.#readiness.beginFill(ranges.map(({ high }) => high));
	}

	#close(opening: Promise<LogReader>): void {
		const { logger } = this.#options;
		const closed: Promise<void> = opening
			.then((reader) => reader.close())
			// A failure to open was already reported where the opening was awaited.
			.catch((error: unknown) => {
				logger.info({ err: error }, "the reader could not be closed");
			})
			.finally(() => this.#closing.delete(closed));
		this.#closing.add(closed);
	}
}

const ended = async (reader: LogReader): Promise<never> => {
	await reader.ended;
	throw new Error("the reader ended");
};
