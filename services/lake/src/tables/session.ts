/**
 * One table from when it is opened until something changes or fails: reads its topic from the
 * table's positions, and commits rows and positions together.
 *
 * Exactly once: everything read comes from the positions of the newest commit, and everything held
 * here is dropped when the session ends. Before each commit the topic's id is read: as ids never
 * come back, all rows that were read before belong to the topic that the table stands for. If
 * records were refused, or have fields that the schema lacks, the catalog is read too: a new
 * definition is published before the records that need it, so such records are read again with it.
 */
import type { OwnedTable } from "@fireworks/lake";
import type { Logger } from "@fireworks/service-kit";
import type { Log, LogRecord, OffsetRange } from "@fireworks/streams";
import { aborted, type Clock, delay, within } from "@fireworks/time";
import {
	COMMIT_ROWS_MAX,
	IDLE_COMMIT_MS,
	LOOK_MS,
	READER_CLOSE_MS,
	SLICE_RECORDS,
	TABLE_BUFFER_BYTES_MAX,
} from "../limits.ts";
import type { LakeMetrics } from "../metrics.ts";
import type { RowMaker } from "../rows/row-maker.ts";
import type { Budget } from "./budget.ts";
import { Changed, TopicAbsent } from "./ends.ts";
import { Maintenance } from "./maintenance.ts";
import { ReadPositions } from "./read-positions.ts";
import { placeOf, type RefusedRecords, refusedRow } from "./refused-records.ts";
import type { TableStatus } from "./status.ts";
import { WaitingRows } from "./waiting-rows.ts";

export interface SessionOptions {
	readonly log: Log;
	readonly clock: Clock;
	readonly logger: Logger;
	readonly metrics: LakeMetrics;
	readonly budget: Budget;
	readonly refused: RefusedRecords;
	readonly status: TableStatus;
	readonly commitMs: number;
	readonly topic: string;
	readonly topicId: string;
	readonly table: OwnedTable;
	readonly maker: RowMaker;
	/** Places of refused records that are in the lake already. */
	readonly known: Set<string>;
	/** Resolves when the catalog is read to its end: whether the definition is still the same. */
	sameDefinition(): Promise<boolean>;
	/** Called after a commit, when there is time. */
	committed(): Promise<void>;
}

export class Session {
	readonly #options: SessionOptions;
	readonly #positions: ReadPositions;
	readonly #maintenance: Maintenance;
	#waiting: WaitingRows;
	/** Rows of the commit that runs. */
	#inCommit = 0;
	#committedAtMs: number;
	#closed = false;
	#wake = Promise.withResolvers<void>();
	#room = Promise.withResolvers<void>();

	constructor(options: SessionOptions) {
		this.#options = options;
		this.#positions = new ReadPositions(options.table.positions, (...gone) =>
			this.#deleted(...gone),
		);
		this.#maintenance = new Maintenance(options.logger, options.clock);
		this.#waiting = new WaitingRows(options.table.columns.length);
		this.#committedAtMs = options.clock.monotonicMs();
	}

	/** Reads until the signal is aborted, and commits what was read. Rejects when it failed. */
	async run(
		ranges: readonly OffsetRange[],
		signal: AbortSignal,
	): Promise<void> {
		const { log, topic, budget, clock } = this.#options;
		this.#positions.begin(topic, ranges);
		const unwatch = budget.watch(
			() => this.#wake.resolve(),
			() => this.#makeRoom(),
		);
		const over = new AbortController();
		const stop = AbortSignal.any([signal, over.signal]);
		const opening = log.read({
			name: `fireworks-lake-${topic}`,
			topics: [topic],
			from: (_, partition) => this.#positions.next(partition),
			onRecords: (_, partition, records) => this.#take(partition, records),
			onProgress: (_, partition, next) => this.#advance(partition, next),
		});
		const committing = this.#commitUntil(stop).then(async () => {
			// From here on nothing is added, so what was read is committed as a whole.
			this.#close();
			if (!over.signal.aborted && !this.#waiting.empty) await this.#commit();
		});
		const parts = [
			opening.then(ended(signal)),
			this.#lookUntil(stop, ranges.length),
			committing,
		];
		for (const part of parts) part.catch(() => {});
		try {
			await Promise.race([...parts, aborted(stop)]);
			await committing;
		} finally {
			over.abort();
			this.#close();
			unwatch();
			// The table's methods must not overlap, so a commit that runs has to end before.
			await committing.catch(() => {});
			budget.free(this.#waiting.bytes);
			await within(
				opening.then((reader) => reader.close()),
				READER_CLOSE_MS,
				clock,
			);
		}
	}

	/** Records that are read but not committed. */
	get uncommitted(): number {
		return this.#inCommit + this.#waiting.count;
	}

	#deleted(partition: number, from: number, to: number): void {
		const { logger, metrics, topic, status } = this.#options;
		metrics.deletedOffsets.inc({ stream: topic }, to - from);
		status.deletedOffsets += to - from;
		logger.error(
			{ stream: topic, partition, from, to },
			"records were deleted from the topic before they were in the lake: they are missing in the table. Keep the topic longer than the lake can be down",
		);
	}

	async #take(partition: number, records: readonly LogRecord[]): Promise<void> {
		const first = records[0];
		if (first !== undefined && !this.#closed)
			this.#positions.reach(partition, first.offset);
		let slice = 0;
		for (const record of records) {
			while (this.#full && !this.#closed) await this.#room.promise;
			if (++slice % SLICE_RECORDS === 0)
				await new Promise<void>((resolve) => setImmediate(resolve));
			if (this.#closed) return;
			// The reader repeats records after it has joined its group again.
			if (record.offset >= this.#positions.next(partition)) this.#add(record);
		}
	}

	#add(record: LogRecord): void {
		const { maker, topicId, known, budget, clock } = this.#options;
		const { partition, offset } = record;
		if (known.size > 0 && known.delete(placeOf(partition, offset))) {
			this.#positions.moveTo(partition, offset + 1);
			return;
		}
		const waiting = this.#waiting;
		const wasEmpty = waiting.empty;
		const textBytes = (record.key?.length ?? 0) + (record.value?.length ?? 0);
		const made = maker.row(record);
		if (made.row !== undefined) {
			budget.add(waiting.add(made.row, textBytes));
			waiting.surplus ||= made.surplus;
		} else {
			const row = refusedRow(record, topicId, made.refusal, clock.wallMs());
			budget.add(waiting.refuse(row, made.refusal.code, textBytes));
		}
		// Only now: if making the row fails, the record must not count as read.
		this.#positions.moveTo(partition, offset + 1);
		if (wasEmpty) waiting.since = clock.monotonicMs();
		if (wasEmpty || this.#full) this.#wake.resolve();
	}

	#advance(partition: number, next: number): void {
		if (this.#closed) return;
		this.#positions.reach(partition, next);
		if (next > this.#positions.next(partition))
			this.#positions.moveTo(partition, next);
	}

	get #full(): boolean {
		return this.#tableFull || this.#options.budget.full;
	}

	get #tableFull(): boolean {
		return (
			this.#waiting.count + this.#waiting.refused.length >= COMMIT_ROWS_MAX ||
			this.#waiting.bytes >= TABLE_BUFFER_BYTES_MAX
		);
	}

	#makeRoom(): void {
		this.#room.resolve();
		this.#room = Promise.withResolvers();
	}

	#close(): void {
		this.#closed = true;
		this.#makeRoom();
		this.#wake.resolve();
	}

	async #commitUntil(stop: AbortSignal): Promise<void> {
		const { clock, status } = this.#options;
		while (!stop.aborted) {
			const round = new AbortController();
			const ends = AbortSignal.any([stop, round.signal]);
			await Promise.race([
				this.#wake.promise,
				delay(clock, Math.max(0, this.#dueInMs()), ends),
			]);
			round.abort();
			this.#wake = Promise.withResolvers();
			if (stop.aborted || this.#dueInMs() > 0) continue;
			await this.#commit();
			await this.#maintenance.run(this.#options.table);
			// The maintenance can have waited for the catalog, and said so.
			status.enter("reading");
			await this.#options.committed();
		}
	}

	/** 0 or less: now. */
	#dueInMs(): number {
		const { clock, budget, commitMs } = this.#options;
		const now = clock.monotonicMs();
		const waiting = this.#waiting;
		if (!waiting.empty)
			return this.#tableFull || budget.full
				? 0
				: waiting.since + commitMs - now;
		const idle = this.#committedAtMs + IDLE_COMMIT_MS - now;
		return this.#positions.moved ? idle : Math.max(idle, commitMs);
	}

	async #commit(): Promise<void> {
		const { table, refused, budget, metrics, status, topic, clock } =
			this.#options;
		const taken = this.#waiting;
		const positions = this.#positions.copy();
		this.#waiting = new WaitingRows(table.columns.length);
		this.#inCommit = taken.count;
		this.#positions.moved = false;
		this.#makeRoom();
		try {
			await this.#check(taken);
			if (taken.refused.length > 0) await refused.append(taken.refused);
			const { ms } = await table.commit(taken, positions);
			this.#committedAtMs = clock.monotonicMs();
			status.committed(taken.count, taken.refused.length, clock.wallMs());
			metrics.committed(topic, taken.count, taken.codes, ms);
		} finally {
			this.#inCommit = 0;
			budget.free(taken.bytes);
		}
	}

	async #check(taken: WaitingRows): Promise<void> {
		const { log, topic, topicId, sameDefinition } = this.#options;
		const id = (await log.topicId(topic)) ?? "";
		if (id !== topicId)
			throw new Changed(
				`the topic ${topic} was deleted${id === "" ? "" : " and made again"}: ${taken.count} rows that were read since the last commit are dropped, as they could belong to the new one`,
			);
		const doubtful = taken.surplus || taken.refused.length > 0;
		if (doubtful && !(await sameDefinition()))
			throw new Changed(
				`the definition of ${topic} has changed: records since the last commit are read again with the new one`,
			);
	}

	/** Looks at the topic again and again; throws when it is no longer the one that is read. */
	async #lookUntil(stop: AbortSignal, partitions: number): Promise<void> {
		const { log, topic, topicId, clock, status } = this.#options;
		for (;;) {
			await delay(clock, LOOK_MS, stop);
			if (stop.aborted) return;
			const ranges = await log.offsets(topic);
			if (ranges === undefined) throw new TopicAbsent(topic);
			const id = (await log.topicId(topic)) ?? "";
			if (id !== topicId)
				throw new Changed(`the topic ${topic} was deleted and made again`);
			if (ranges.length !== partitions)
				throw new Changed(
					`the topic ${topic} has ${ranges.length} partitions now`,
				);
			const unread = this.#positions.looked(ranges);
			status.looked(unread + this.uncommitted, clock.monotonicMs());
		}
	}
}

/** A reader that ends before the session does has failed. */
const ended =
	(signal: AbortSignal) =>
	async (reader: { ended: Promise<void> }): Promise<void> => {
		await reader.ended;
		if (!signal.aborted) throw new Error("the reader of Kafka ended");
	};
