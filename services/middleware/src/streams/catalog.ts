/**
 * The catalog as the middleware knows it: one reader of its topic, which may not exist yet.
 *
 * A failure to read it ends nothing: what is known stays, and reading is tried again. If the topic
 * was deleted and recreated, all streams are removed and read again.
 */
import { CATALOG_TOPIC, type CatalogEntry, entryOf } from "@fireworks/pipeline";
import type { LogRecord } from "@fireworks/streams";
import { type Clock, delay } from "@fireworks/time";
import { CATALOG_RETRY_MS, CATALOG_STREAMS_MAX } from "../limits.ts";
import type {
	ReadableLog,
	ReaderLogger,
	RecordSink,
} from "../reader/readable-log.ts";
import { StreamReader } from "../reader/stream-reader.ts";

export interface CatalogOptions {
	log: ReadableLog;
	clock: Clock;
	logger: ReaderLogger;
	/** A stream was added, changed or (undefined) removed. */
	onChange(name: string, entry: CatalogEntry | undefined): void;
}

export class Catalog implements RecordSink {
	readonly recordsMax = Number.POSITIVE_INFINITY;
	readonly queue: { next: number[]; stream: string } = { next: [], stream: "" };
	readonly #options: CatalogOptions;
	readonly #reader: StreamReader;
	readonly #entries = new Map<string, CatalogEntry>();
	readonly #counts = { received: 0, readerFailures: 0, streamRestarts: 0 };
	#full = false;

	constructor(options: CatalogOptions) {
		const { log, clock, logger } = options;
		this.#options = options;
		this.#reader = new StreamReader({
			log,
			topic: CATALOG_TOPIC,
			ingest: this,
			clock,
			counts: this.#counts,
			logger,
			mayBeAbsent: true,
		});
	}

	/** By name. Their schemas are left out, as showing a stream does not need them. */
	get entries(): ReadonlyMap<string, CatalogEntry> {
		return this.#entries;
	}

	/** Whether it was read once, or does not exist: a stream that is not in it is unknown. */
	get known(): boolean {
		return this.#reader.nearlyFilled || this.#reader.absent;
	}

	/** Reads until the signal is aborted. Never rejects. */
	async run(signal: AbortSignal): Promise<void> {
		const { clock, logger } = this.#options;
		while (!signal.aborted) {
			try {
				await this.#reader.run(signal);
			} catch (error) {
				logger.warn(
					{ topic: CATALOG_TOPIC, why: String(error) },
					"the catalog cannot be read, so new streams are not shown: trying again",
				);
				await delay(clock, CATALOG_RETRY_MS, signal);
			}
		}
	}

	restart(starts: readonly number[], stream: string): void {
		this.queue.next = [...starts];
		this.queue.stream = stream;
		for (const name of [...this.#entries.keys()]) this.#remove(name);
	}

	take(partition: number, records: readonly LogRecord[]): void {
		for (const { key, value, offset } of records) {
			if (offset < (this.queue.next[partition] ?? Infinity)) continue;
			this.queue.next[partition] = offset + 1;
			this.#counts.received++;
			const name = String(key);
			const entry = entryOf(key, value);
			if (value === null) this.#remove(name);
			else if (entry === undefined)
				this.#options.logger.warn(
					{ topic: CATALOG_TOPIC, offset, stream: name },
					"an invalid entry of the catalog is ignored",
				);
			else this.#put(entry);
		}
	}

	#put(entry: CatalogEntry): void {
		const { name } = entry;
		if (!this.#entries.has(name) && this.#entries.size >= CATALOG_STREAMS_MAX) {
			if (!this.#full)
				this.#options.logger.warn(
					{ stream: name, streamsMax: CATALOG_STREAMS_MAX },
					"the catalog has more streams than can be shown: the later ones are ignored",
				);
			this.#full = true;
			return;
		}
		const kept = { ...entry, schema: {} };
		this.#entries.set(name, kept);
		this.#options.onChange(name, kept);
	}

	#remove(name: string): void {
		if (this.#entries.delete(name)) this.#options.onChange(name, undefined);
	}
}
