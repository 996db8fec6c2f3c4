/** A topic in memory: offsets with holes, and readers that can be made to fail. */
import { encodeWiener, type WienerRecord } from "@fireworks/contracts";
import type {
	LogReader,
	LogRecord,
	OffsetRange,
	ReadOptions,
} from "@fireworks/streams";
import type { ReadableLog } from "../../src/reader/readable-log.ts";

interface Reader {
	options: ReadOptions;
	/** By partition: how many of its records the reader got or skipped. */
	taken: number[];
	fail(error: Error): void;
}

/** The middleware also reads these topics if they exist. Here they do not. */
const ABSENT_TOPICS = new Set(["dead-letter", "fireworks-catalog"]);

export class FakeLog implements ReadableLog {
	/** Undefined: the topic does not exist. */
	partitions: { low: number; high: number; records: LogRecord[] }[] | undefined;
	id = 0;
	readonly readers = new Set<Reader>();
	opened = 0;
	closed = 0;
	/** Readers take nothing while this is set. */
	silent = false;

	constructor(partitions: number | undefined) {
		if (partitions !== undefined) this.create(partitions);
	}

	async topicId(topic = "wiener"): Promise<string | undefined> {
		return ABSENT_TOPICS.has(topic)
			? undefined
			: this.partitions && `topic${this.id}`;
	}

	/** Creates the topic, or deletes and recreates it. */
	create(partitions: number): void {
		this.id++;
		this.partitions = Array.from({ length: partitions }, () => ({
			low: 0,
			high: 0,
			records: [],
		}));
	}

	async offsets(topic: string): Promise<readonly OffsetRange[] | undefined> {
		if (ABSENT_TOPICS.has(topic)) return undefined;
		return this.partitions?.map(({ low, high }, partition) => ({
			partition,
			low,
			high,
		}));
	}

	async read(options: ReadOptions): Promise<LogReader> {
		const ended = Promise.withResolvers<void>();
		ended.promise.catch(() => {});
		const reader: Reader = {
			options,
			taken: (this.partitions ?? []).map(({ records }, p) => {
				const from = options.from(options.topics[0] ?? "", p);
				const first = records.findIndex((r) => r.offset >= from);
				return first < 0 ? records.length : first;
			}),
			fail: (error) => {
				this.readers.delete(reader);
				ended.reject(error);
			},
		};
		this.readers.add(reader);
		this.opened++;
		this.#deliver();
		return {
			ended: ended.promise,
			close: async () => {
				this.readers.delete(reader);
				this.closed++;
				ended.resolve();
			},
		};
	}

	/**
	 * Appends an event, or an invalid value. holes: offsets skipped before it, as by transaction
	 * markers.
	 */
	append(partition: number, value: WienerRecord | string, holes = 0): number {
		const p = this.partitions?.[partition];
		if (p === undefined) throw new Error("no such partition");
		const offset = p.high + holes;
		const text =
			typeof value === "string"
				? value
				: encodeWiener(JSON.stringify(value.deviceId), value);
		p.records.push({
			topic: "wiener",
			partition,
			offset,
			key: null,
			value: Buffer.from(text),
			timestamp: 0,
			headers: {},
		});
		p.high = offset + 1;
		this.#deliver();
		return offset;
	}

	/** The end of a transaction: an offset without a record. */
	endTransaction(partition: number): void {
		const p = this.partitions?.[partition];
		if (p !== undefined) p.high++;
	}

	failReaders(error: Error): void {
		for (const reader of this.readers) reader.fail(error);
	}

	#deliver(): void {
		if (this.silent) return;
		for (const { options, taken } of this.readers)
			for (const [p, { records }] of (this.partitions ?? []).entries()) {
				const news = records.slice(taken[p]);
				taken[p] = records.length;
				if (news.length > 0)
					options.onRecords(options.topics[0] ?? "", p, news);
			}
	}
}
