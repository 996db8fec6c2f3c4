/**
 * The table `dead_letters`: records of all streams that did not become a row of their table.
 *
 * Each of them is there exactly once, though two tables cannot be committed together:
 *
 * 1. The writer commits a stream's refused records first, and only then the stream's rows together
 *    with its positions. So each record before a table's positions is in one of the two tables.
 * 2. It can be killed in between. Then refused records from the positions on are here already. The
 *    next writer reads which (`since`), and passes over exactly those, even if a new schema would
 *    accept them now.
 * 3. A writer that was paused must not add to either table afterwards: it could have decided
 *    otherwise, by another definition. So each writer makes an empty commit to this table and to
 *    the stream's table when it opens them, before it reads which records are here: from then on,
 *    a commit of an earlier writer is fenced. The position of this table counts commits; it is not
 *    one of Kafka.
 *
 * Example: writer A commits the refused record 7 here, and is paused before it commits the rows
 * and the position 10. Writer B opens this table, opens the stream's table at position 5, finds 7
 * here, writes 5, 6, 8 and 9 as rows, and moves the position to 10. A goes on, and is fenced.
 */
import {
	type Cell,
	type Column,
	type LakeLocation,
	type OpenTable,
	type OwnedTable,
	openReader,
	type Positions,
	type Rows,
} from "@fireworks/lake";
import { recordKey } from "@fireworks/pipeline";
import type { Logger } from "@fireworks/service-kit";
import type { LogRecord } from "@fireworks/streams";
import { systemClock } from "@fireworks/time";
import { MESSAGE_CHARACTERS_MAX } from "../limits.ts";
import { kafkaTimeCell } from "../rows/cells.ts";
import { EVENT_TIME } from "../rows/columns.ts";
import type { Refusal } from "../rows/row-maker.ts";
import { boundedText } from "../rows/text.ts";
import { Maintenance } from "./maintenance.ts";
import { selectRows } from "./select-rows.ts";
import { TableStatus } from "./status.ts";

export const REFUSED_TABLE = "dead_letters";

const column = (
	name: string,
	type: Column["type"],
	required = true,
): Column => ({ name, type, required });

const COLUMNS: readonly Column[] = [
	column("stream", "string"),
	column("topic_id", "string"),
	column("kafka_partition", "int"),
	column("kafka_offset", "long"),
	column("kafka_time", "timestamptz", false),
	column("code", "string"),
	column("field", "string", false),
	column("message", "string"),
	column("record_key", "string", false),
	column("record_value", "string", false),
	// When the writer refused it: a record that cannot be read has no other time.
	EVENT_TIME,
];

/** This table is never made again, unlike a stream's, whose topic has an id. */
const NO_TOPIC = "";
const COMMITS = 0;

export const refusedRow = (
	record: LogRecord,
	topicId: string,
	{ code, field, message }: Refusal,
	nowMs: number,
): Cell[] => [
	record.topic,
	topicId,
	record.partition,
	record.offset,
	kafkaTimeCell(record.timestamp),
	code,
	field?.slice(0, MESSAGE_CHARACTERS_MAX).toWellFormed() ?? null,
	message.slice(0, MESSAGE_CHARACTERS_MAX).toWellFormed(),
	record.key && boundedText(Buffer.from(recordKey(record.key) as string)),
	boundedText(record.value),
	BigInt(nowMs) * 1_000n,
];

/** A record's place in its topic. */
export const placeOf = (partition: number, offset: number): string =>
	`${partition}/${offset}`;

export interface RefusedRecordsOptions {
	readonly location: LakeLocation;
	readonly openTable: OpenTable;
	readonly owner: string;
	readonly giveUp: AbortSignal;
	readonly logger: Logger;
}

export class RefusedRecords {
	readonly status = new TableStatus(REFUSED_TABLE, REFUSED_TABLE);
	readonly #options: RefusedRecordsOptions;
	readonly #maintenance: Maintenance;
	#table: OwnedTable | undefined;
	/** The last piece of work: the methods of a table must not overlap. */
	#work: Promise<unknown> = Promise.resolve();

	constructor(options: RefusedRecordsOptions) {
		this.#options = options;
		this.#maintenance = new Maintenance(options.logger, systemClock);
	}

	/** Fences earlier writers, unless this one has done so already. */
	open(): Promise<void> {
		return this.#exclusive(async () => {
			await this.#opened();
		});
	}

	/** Throws FencedError if another writer has opened the table. */
	append(rows: readonly (readonly Cell[])[]): Promise<void> {
		return this.#exclusive(async () => {
			const table = await this.#opened();
			await this.#commit(table, {
				count: rows.length,
				columns: COLUMNS.map((_, i) => rows.map((row) => row[i] as Cell)),
			});
			await this.#maintenance.run(table);
			this.status.enter("reading");
		});
	}

	/** The places of the refused records of a topic that lie at or after the positions. */
	async since(
		stream: string,
		topicId: string,
		positions: Positions,
	): Promise<Set<string>> {
		await this.open();
		// A reader of its own: a shared one could answer with what another stream asked for earlier.
		const reader = openReader(this.#options.location);
		const snapshot = await reader.snapshot(REFUSED_TABLE);
		if (snapshot === undefined || snapshot.files.length === 0) return new Set();
		const passed = [...positions].map(
			([partition, next]) =>
				`(kafka_partition = ${partition} and kafka_offset < ${next})`,
		);
		const rows = await selectRows(
			`select kafka_partition, kafka_offset from ${reader.relation(snapshot)}
			where stream = $stream and topic_id = $topicId
			and not (${["false", ...passed].join(" or ")})`,
			{ stream, topicId },
		);
		return new Set(
			rows.map(([partition, offset]) =>
				placeOf(Number(partition), Number(offset)),
			),
		);
	}

	close(): Promise<void> {
		return this.#exclusive(() => this.#drop());
	}

	async #opened(): Promise<OwnedTable> {
		if (this.#table !== undefined) return this.#table;
		const { location, openTable, owner, giveUp, logger } = this.#options;
		const table = await openTable(
			location,
			{
				name: REFUSED_TABLE,
				columns: COLUMNS,
				partitionBy: { column: EVENT_TIME.name, per: "day" },
				topicId: NO_TOPIC,
			},
			{
				owner,
				signal: giveUp,
				logger: this.status.whileWaiting(logger, () => {}),
			},
		);
		this.#table = table;
		await this.#commit(table, { count: 0, columns: COLUMNS.map(() => []) });
		return table;
	}

	/** After a failure it is unknown what is committed: the table is opened again. */
	async #commit(table: OwnedTable, rows: Rows): Promise<void> {
		const commits = (table.positions.get(COMMITS) ?? 0) + 1;
		try {
			await table.commit(rows, new Map([[COMMITS, commits]]));
			this.status.committed(rows.count, 0, systemClock.wallMs());
		} catch (error) {
			await this.#drop();
			throw error;
		}
	}

	async #drop(): Promise<void> {
		const table = this.#table;
		this.#table = undefined;
		await table?.close();
	}

	#exclusive<T>(work: () => Promise<T>): Promise<T> {
		const done = this.#work.then(work);
		this.#work = done.catch(() => {});
		return done;
	}
}
