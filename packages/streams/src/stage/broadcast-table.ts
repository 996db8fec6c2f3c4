/**
 * A stage's broadcast table: one copy for all tasks of a session, read by one reader from the
 * table's start. A session that fails drops it, and the next one reads it again.
 *
 * Every process reads every record of the table at each start. So a record that cannot be read
 * gives no dead letter, which would be one for each of these: it is counted and logged, and the
 * key's row stays as it was.
 */
import { isUtf8 } from "node:buffer";
import { DeadLetter, StreamsError } from "../errors.ts";
import type { StreamsLogger } from "../kafka/logger.ts";
import type { Log, LogReader, LogRecord, OffsetRange } from "../log.ts";
import type { StageMetrics } from "./metrics.ts";
import type { Broadcast } from "./stage.ts";

/** Most rows of a table, and most bytes of their keys and values as they are in the topic. */
export const TABLE_ROWS_MAX = 100_000;
const TABLE_BYTES_MAX = 64_000_000;
/** Number of unreadable records that a session logs one by one. All are counted. */
const LOGGED_MAX = 10;

/** How far a table was read. */
export interface TableNow {
	readonly rows: number;
	readonly bytes: number;
	/** The next offset of each partition. */
	readonly nexts: ReadonlyMap<number, number>;
}

interface Waiting {
	readonly ends: readonly OffsetRange[];
	resolve(): void;
}

/** What it needs of the runtime. */
interface Runtime {
	readonly log: Log;
	readonly logger: StreamsLogger;
	readonly metrics: StageMetrics;
	readonly stage: { readonly name: string };
}

/**
 * What can be read of a table now. Kafka writes the end of a transaction a moment after its
 * writer's commit has returned; until then its records lie beyond these ends. Throws topic-absent.
 */
export async function tableEnds(
	log: Log,
	topic: string,
): Promise<readonly OffsetRange[]> {
	const ends = await log.offsets(topic);
	if (ends !== undefined) return ends;
	throw new StreamsError(
		"topic-absent",
		`the broadcast table ${topic} is not there yet: it is created by the part that writes it, which has to run`,
	);
}

export class BroadcastTable {
	readonly #runtime: Runtime;
	readonly #table: Broadcast<unknown>;
	readonly #readerName: string;
	readonly #onFailure: (error: StreamsError) => void;
	readonly #rows = new Map<string, unknown>();
	/** Bytes of each key and its value. */
	readonly #sizes = new Map<string, number>();
	#bytes = 0;
	readonly #nexts = new Map<number, number>();
	#waiting: Waiting[] = [];
	#refused = 0;
	#id: string | undefined;
	#reader: LogReader | undefined;
	#closed = false;

	/** onFailure: called once it can no longer be kept up to date. */
	constructor(
		runtime: Runtime,
		table: Broadcast<unknown>,
		groupId: string,
		onFailure: (error: StreamsError) => void,
	) {
		this.#runtime = runtime;
		this.#table = table;
		this.#readerName = `${groupId}-table`;
		this.#onFailure = onFailure;
	}

	/** The newest value of each key, as far as the table was read. */
	get rows(): ReadonlyMap<string, unknown> {
		return this.#rows;
	}

	get now(): TableNow {
		return { rows: this.#rows.size, bytes: this.#bytes, nexts: this.#nexts };
	}

	/** Begins to read. Throws topic-absent. */
	async open(): Promise<void> {
		const { log } = this.#runtime;
		const { topic } = this.#table;
		for (const { partition, low } of await tableEnds(log, topic))
			this.#nexts.set(partition, low);
		this.#id = await log.topicId(topic);
		const reader = await log.read({
			name: this.#readerName,
			topics: [topic],
			from: (_topic, partition) => this.#nexts.get(partition) ?? 0,
			onRecords: (_topic, _partition, records) => this.#take(records),
			onProgress: (_topic, partition, next) => this.#progress(partition, next),
		});
		if (this.#closed) return reader.close();
		this.#reader = reader;
		reader.ended.catch((error: unknown) => {
			this.#fail(
				error instanceof StreamsError
					? error
					: new StreamsError(
							"group-failed",
							`the reader of the broadcast table ${topic} failed: ${(error as Error).message}`,
							{ cause: error },
						),
			);
		});
	}

	/**
	 * Resolves once the copy holds everything that could be read from the table at the time of the
	 * call. Throws topic-absent.
	 */
	async upToDate(): Promise<void> {
		const ends = await tableEnds(this.#runtime.log, this.#table.topic);
		if (this.#reached(ends)) return;
		await new Promise<void>((resolve) => this.#waiting.push({ ends, resolve }));
	}

	/** Fails if the table is another topic than the one that was read. */
	async check(): Promise<void> {
		const { topic } = this.#table;
		const id = await this.#runtime.log.topicId(topic);
		if (this.#id === undefined || id === this.#id) return;
		this.#fail(
			new StreamsError(
				"topic-absent",
				`the broadcast table ${topic} was deleted${id === undefined ? "" : " and created again"}: it is read again from its start`,
			),
		);
	}

	async close(): Promise<void> {
		this.#closed = true;
		this.#waiting = [];
		await this.#reader?.close();
	}

	#take(records: readonly LogRecord[]): void {
		if (this.#closed) return;
		for (const record of records) {
			try {
				this.#set(record);
			} catch (error) {
				this.#refuse(record, error as Error);
			}
			if (this.#tooLarge()) return;
		}
	}

	#set(record: LogRecord): void {
		const { key, value } = record;
		if (key === null || !isUtf8(key))
			throw new DeadLetter("bad-key", "the key is not UTF-8 text");
		const name = key.toString("utf8");
		const row = this.#table.decode(record);
		this.#bytes -= this.#sizes.get(name) ?? 0;
		if (row === null) {
			this.#rows.delete(name);
			this.#sizes.delete(name);
			return;
		}
		const size = key.length + (value?.length ?? 0);
		this.#rows.set(name, row);
		this.#sizes.set(name, size);
		this.#bytes += size;
	}

	#refuse(record: LogRecord, error: Error): void {
		const { logger, metrics, stage } = this.#runtime;
		const code = error instanceof DeadLetter ? error.code : "not-decoded";
		metrics.tableRefused.inc({ code });
		if (this.#refused++ >= LOGGED_MAX) return;
		const { topic, partition, offset } = record;
		logger.warn(
			{
				stage: stage.name,
				topic,
				partition,
				offset,
				code,
				reason: error.message,
			},
			"a record of the broadcast table cannot be read: the row of its key stays as it was",
		);
	}

	#tooLarge(): boolean {
		const { topic } = this.#table;
		const { size } = this.#rows;
		if (size <= TABLE_ROWS_MAX && this.#bytes <= TABLE_BYTES_MAX) return false;
		this.#fail(
			new StreamsError(
				"table-too-large",
				`the broadcast table ${topic} has ${size} rows and ${this.#bytes} bytes, more than ${TABLE_ROWS_MAX} rows or ${TABLE_BYTES_MAX} bytes, and every process would hold all of it: join with joinTable, which divides a table by its keys, or delete rows by writing their keys without a value`,
			),
		);
		return true;
	}

	#progress(partition: number, next: number): void {
		if (this.#closed) return;
		const before = this.#nexts.get(partition) ?? 0;
		this.#nexts.set(partition, Math.max(before, next));
		this.#runtime.metrics.tableRows.set(this.#rows.size);
		const waiting = this.#waiting;
		this.#waiting = waiting.filter(({ ends }) => !this.#reached(ends));
		for (const one of waiting) if (!this.#waiting.includes(one)) one.resolve();
	}

	/** A partition that retention has emptied has nothing to read. */
	#reached(ends: readonly OffsetRange[]): boolean {
		return ends.every(
			({ partition, low, high }) =>
				low >= high || (this.#nexts.get(partition) ?? 0) >= high,
		);
	}

	#fail(error: StreamsError): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#onFailure(error);
	}
}
