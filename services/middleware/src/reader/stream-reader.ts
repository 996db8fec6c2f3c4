/**
 * Keeps the queue at the topic's end: one reader of all partitions, opened anew with back-off whenever it fails.
 *
 *   waiting -the topic is there-> reading -its recent past is read-> filled (once)
 *   reading -failed, silent, or the topic's ends contradict it-> waiting, and on from the queue's next offsets
 *
 * Nothing is lost or doubled over a failure: the queue's `next` is the only truth about what was read. Where the log itself no longer has what comes next (retention
 * took it, or the topic was made anew, or has other partitions), the queue begins anew, and so do all clients.
 */
import {
	type LogReader,
	type LogRecord,
	type OffsetRange,
	type ReadOptions,
	StreamsError,
} from "@fireworks/streams";
import type { Clock } from "../clock.ts";
import { delay } from "../clock.ts";
import type { Counts } from "../counts.ts";
import { LAG_POLL_MS, READER_AWAY_MAX_MS, READER_CLOSE_MS } from "../limits.ts";
import { backOffMs } from "./back-off.ts";
import { contradiction } from "./contradiction.ts";
import { Ends } from "./ends.ts";
import { Fill } from "./fill.ts";
import type { Ingest } from "./ingest.ts";

/** What the middleware needs of a log; packages/streams has more. */
export interface ReadableLog {
	/** In order of partition; undefined where there is no such topic. */
	offsets(topic: string): Promise<readonly OffsetRange[] | undefined>;
	read(options: ReadOptions): Promise<LogReader>;
}

export interface ReaderLogger {
	info(facts: object, message: string): void;
	warn(facts: object, message: string): void;
}

export interface StreamReaderOptions {
	log: ReadableLog;
	topic: string;
	ingest: Ingest;
	clock: Clock;
	counts: Counts;
	logger: ReaderLogger;
}

export class StreamReader {
	readonly #options: StreamReaderOptions;
	readonly #ends = new Ends();
	readonly #fill = new Fill();
	/** Rises with each reader, so that one that was given up cannot speak any more. */
	#reader = 0;
	readonly #closing = new Set<Promise<void>>();
	#filledOnce = false;
	#awaySinceMs: number | undefined;
	#why = "starting";

	constructor(options: StreamReaderOptions) {
		this.#options = options;
	}

	/** Whether the queue was filled once: from then on it has something true to show. */
	get filled(): boolean {
		return this.#filledOnce || this.#notFilled() === undefined;
	}

	/** Offsets from here to the topic's end at the last look, by partition. */
	lag(): number[] {
		return this.#ends.lag(this.#options.ingest.queue.next);
	}

	/** Why it is not reading at the topic's end, or undefined. */
	notReady(): string | undefined {
		const now = this.#options.clock.monotonicMs();
		if (!this.filled) return this.#notFilled();
		if (this.#awaySinceMs === undefined) return undefined;
		const awayMs = now - this.#awaySinceMs;
		return awayMs < READER_AWAY_MAX_MS
			? undefined
			: `not reading for ${Math.round(awayMs)} ms: ${this.#why}`;
	}

	#notFilled(): string | undefined {
		const { clock, ingest } = this.#options;
		if (this.#awaySinceMs !== undefined) return this.#why;
		const reason = this.#fill.waiting(ingest.queue.next, clock.monotonicMs());
		if (reason === undefined) this.#filledOnce = true;
		return reason && `reading the recent past: ${reason}`;
	}

	/**
	 * Reads until the signal is aborted; then the reader is closed, and its group removed, before it returns. Throws where Kafka does not let it
	 * in: that is the end of it.
	 */
	async run(signal: AbortSignal): Promise<void> {
		const { clock, counts, logger, topic } = this.#options;
		this.#away("starting");
		for (let attempt = 0; !signal.aborted; attempt++) {
			const arrivedBefore = counts.received;
			try {
				await this.#readOnce(signal);
			} catch (error) {
				const why = error instanceof Error ? error.message : String(error);
				counts.readerFailures++;
				if (error instanceof StreamsError && error.fatal) throw error;
				if (counts.received > arrivedBefore) attempt = 0;
				if (why !== this.#why || attempt === 0)
					logger.warn({ topic, attempt, why }, "not reading");
				this.#away(why);
				await delay(clock, backOffMs(attempt), signal);
			}
		}
		await this.#allClosed();
	}

	#away(why: string): void {
		// From here on it could not be told any more.
		if (this.#awaySinceMs === undefined) this.#notFilled();
		this.#why = why;
		this.#awaySinceMs ??= this.#options.clock.monotonicMs();
	}

	async #readOnce(signal: AbortSignal): Promise<void> {
		const { topic, ingest, clock, logger } = this.#options;
		this.#position(await this.#ranges());
		this.#ends.reset();
		const watch = new AbortController();
		const stop = AbortSignal.any([signal, watch.signal]);
		const opening = this.#open();
		try {
			const reader = await Promise.race([opening, aborted(stop)]);
			if (reader === undefined) return;
			this.#fill.connected(clock.monotonicMs());
			this.#awaySinceMs = undefined;
			logger.info({ topic, next: ingest.queue.next }, "reading");
			await Promise.race([ended(reader), this.#watch(stop), aborted(stop)]);
		} finally {
			watch.abort();
			this.#reader++;
			// Not waited for: with its broker gone it takes seconds, and the next reader is needed now.
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
				if (mine === this.#reader) this.#take(partition, records);
			},
		});
	}

	#take(partition: number, records: readonly LogRecord[]): void {
		this.#fill.arrived(partition, this.#options.clock.monotonicMs());
		this.#options.ingest.take(partition, records);
	}

	async #ranges(): Promise<readonly OffsetRange[]> {
		const { log, topic } = this.#options;
		const ranges = await log.offsets(topic);
		if (ranges === undefined || ranges.length === 0)
			throw new Error(`there is no topic ${topic} yet`);
		return ranges;
	}

	/** Where to go on; at the first time, and where that is not possible, from the topic's recent past. */
	#position(ranges: readonly OffsetRange[]): void {
		const { counts, ingest, logger, topic } = this.#options;
		const { queue } = ingest;
		const why = contradiction(queue.next, ranges);
		if (why === undefined) return;
		if (queue.next.length > 0) {
			counts.streamRestarts++;
			logger.warn({ topic, why }, "the stream begins anew");
		}
		const share = Math.floor(queue.capacity / ranges.length);
		ingest.restart(ranges.map(({ low, high }) => Math.max(low, high - share)));
		this.#fill.begin(ranges.map(({ high }) => high));
	}

	/** Looks at the topic's ends from time to time; throws where the reader cannot go on by itself. */
	async #watch(signal: AbortSignal): Promise<void> {
		const { clock, ingest } = this.#options;
		for (;;) {
			await delay(clock, LAG_POLL_MS, signal);
			if (signal.aborted) return;
			// Where the ends cannot be had, the reader itself will tell, or read on.
			const ranges = await this.#ranges().catch(() => undefined);
			if (ranges === undefined || signal.aborted) continue;
			const why = contradiction(ingest.queue.next, ranges);
			if (why !== undefined) throw new Error(why);
			const now = clock.monotonicMs();
			const ends = ranges.map(({ high }) => high);
			this.#ends.seen(ends, ingest.queue.next, now);
			const silent = this.#ends.stalled(now);
			if (silent !== undefined)
				throw new Error(`nothing comes of partition ${silent}`);
		}
	}

	#close(opening: Promise<LogReader>): void {
		const { logger } = this.#options;
		const closed: Promise<void> = opening
			.then((reader) => reader.close())
			// One that could not be opened was told of where it was awaited.
			.catch((error: unknown) => {
				logger.info({ err: error }, "the reader could not be closed");
			})
			.finally(() => this.#closing.delete(closed));
		this.#closing.add(closed);
	}

	async #allClosed(): Promise<void> {
		const inTime = new AbortController();
		await Promise.race([
			Promise.all(this.#closing),
			delay(this.#options.clock, READER_CLOSE_MS, inTime.signal),
		]);
		inTime.abort();
	}
}

const aborted = (signal: AbortSignal): Promise<undefined> =>
	new Promise((resolve) => {
		if (signal.aborted) resolve(undefined);
		else
			signal.addEventListener("abort", () => resolve(undefined), {
				once: true,
			});
	});

const ended = async (reader: LogReader): Promise<never> => {
	await reader.ended;
	throw new Error("the reader ended");
};
