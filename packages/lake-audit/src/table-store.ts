/**
 * The tables of the lake as a store of records for the audit. It waits until a table stands at the
 * topic's end, and then reads that one snapshot, while the writer goes on.
 */
import { setTimeout as sleep } from "node:timers/promises";
import {
	CouldNotTell,
	type LogRecord,
	type RecordStore,
} from "@fireworks/audit";
import type { TableReader, TableSnapshot } from "@fireworks/lake";
import type { Log, OffsetRange } from "@fireworks/streams";
import { comparedRecords } from "./compare.ts";
import type { RowFindings } from "./findings.ts";
import { literal, RowReader } from "./read-rows.ts";
import { fieldColumns } from "./table-row.ts";

const POLL_MS = 250;
/** The lake's table of refused records. */
const REFUSED_TABLE = "dead_letters";
/** Refused records of one stream, because they are held in memory. */
const REFUSED_MAX = 100_000;

export interface TableStoreOptions {
	log: Log;
	reader: TableReader;
	findings: RowFindings;
	/** How long a table may take to come to the topic's end. */
	waitMs: number;
}

interface Held {
	readonly snapshot: TableSnapshot;
	/** By partition, the first offset that the topic holds. */
	readonly topicLow: ReadonlyMap<number, number>;
	/** By partition, the refused records by their offsets. */
	readonly refused: ReadonlyMap<number, ReadonlyMap<number, LogRecord>>;
}

export class TableStore implements RecordStore {
	readonly #options: TableStoreOptions;
	readonly #rows: RowReader;
	readonly #held = new Map<string, Held>();

	private constructor(options: TableStoreOptions, rows: RowReader) {
		this.#options = options;
		this.#rows = rows;
	}

	static async open(options: TableStoreOptions): Promise<TableStore> {
		return new TableStore(options, await RowReader.open(options.reader));
	}

	async hold(
		topic: string,
		ranges: readonly OffsetRange[],
		last: ReadonlyMap<number, number>,
	): Promise<readonly OffsetRange[]> {
		const snapshot = await this.#at(topic, last);
		const bounds = await this.#rows.bounds(snapshot);
		for (const [partition, { high }] of bounds) {
			const position = snapshot.positions.get(partition) ?? 0;
			if (high > position)
				this.#options.findings.add({
					kind: "row-beyond-position",
					table: topic,
					partition,
					offset: high - 1,
					expected: `only offsets below ${position}`,
					found: "a row",
				});
		}
		this.#held.set(topic, {
			snapshot,
			topicLow: new Map(ranges.map(({ partition, low }) => [partition, low])),
			refused: await this.#refused(topic, snapshot.topicId),
		});
		return ranges.map((range) => ({
			...range,
			low: Math.min(range.low, bounds.get(range.partition)?.low ?? range.low),
		}));
	}

	records(
		topic: string,
		range: OffsetRange,
		kafka: AsyncIterable<readonly LogRecord[]>,
	): AsyncIterable<readonly LogRecord[]> {
		const held = this.#held.get(topic);
		if (held === undefined) throw new Error(`${topic} was not held`);
		const { snapshot, topicLow, refused } = held;
		const { partition } = range;
		return comparedRecords(
			this.#rows.rows(snapshot, partition, range),
			kafka,
			{
				table: topic,
				partition,
				fields: fieldColumns(snapshot.columns),
				topicLow: topicLow.get(partition) ?? 0,
				refused: refused.get(partition) ?? new Map(),
			},
			this.#options.findings,
		);
	}

	close(): void {
		this.#rows.close();
	}

	/** The newest snapshot, once its positions are behind the last committed records. */
	async #at(
		topic: string,
		last: ReadonlyMap<number, number>,
	): Promise<TableSnapshot> {
		const { log, reader, waitMs } = this.#options;
		const deadline = performance.now() + waitMs;
		for (;;) {
			const snapshot = await reader.snapshot(topic);
			const behind = [...last].filter(
				([partition, offset]) =>
					(snapshot?.positions.get(partition) ?? 0) <= offset,
			);
			if (snapshot !== undefined && behind.length === 0) {
				const id = await log.topicId(topic);
				if (id !== undefined && id !== snapshot.topicId)
					throw new CouldNotTell(
						`the table ${topic} is of an earlier topic of that name (${snapshot.topicId}, and now it is ${id})`,
					);
				return snapshot;
			}
			if (performance.now() > deadline)
				throw new CouldNotTell(
					snapshot === undefined
						? `the lake has no table ${topic}`
						: `the table ${topic} has not come to the topic's end within ${waitMs} ms: ${behind.map(([p, offset]) => `partition ${p} stands at ${snapshot.positions.get(p) ?? 0}, not past ${offset}`).join("; ")}. \`fireworks lake\` shows why`,
				);
			await sleep(POLL_MS);
		}
	}

	async #refused(
		stream: string,
		topicId: string,
	): Promise<ReadonlyMap<number, ReadonlyMap<number, LogRecord>>> {
		const found = new Map<number, Map<number, LogRecord>>();
		const snapshot = await this.#options.reader.snapshot(REFUSED_TABLE);
		if (snapshot === undefined) return found;
		const rows = await this.#rows.texts(
			snapshot,
			["kafka_partition", "kafka_offset", "record_key", "record_value"],
			`stream = ${literal(stream)} AND topic_id = ${literal(topicId)}`,
			REFUSED_MAX + 1,
		);
		if (rows.length > REFUSED_MAX)
			throw new CouldNotTell(
				`the lake refused more than ${REFUSED_MAX} records of ${stream}`,
			);
		for (const [p, o, key, value] of rows) {
			const [partition, offset] = [Number(p), Number(o)];
			const ofPartition = found.get(partition) ?? new Map();
			ofPartition.set(offset, {
				partition,
				offset,
				key: bytesOf(key),
				value: bytesOf(value),
				timestamp: -1,
				headers: {},
			});
			found.set(partition, ofPartition);
		}
		return found;
	}
}

const BASE64 = "base64:";

/** The bytes of a text in the table of refused records. */
function bytesOf(text: unknown): Buffer | null {
	if (typeof text !== "string") return null;
	return text.startsWith(BASE64)
		? Buffer.from(text.slice(BASE64.length), "base64")
		: Buffer.from(text);
}
