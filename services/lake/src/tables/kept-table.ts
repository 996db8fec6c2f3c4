/**
 * Keeps one table up to date with its topic, until it is stopped:
 *
 *   opening -the topic exists-> reading -the definition or the topic changed-> opening
 *   any -there is no topic-> absent -> opening
 *   any -failed-> waiting -after a pause-> opening
 *   any -the definition does not fit the table-> stopped -another definition-> opening
 *
 * A failure loses and doubles no row: each opening begins at the positions of the table.
 */
import {
	FencedError,
	type LakeLocation,
	type OpenTable,
	SchemaError,
	type TableReader,
} from "@fireworks/lake";
import type { Logger } from "@fireworks/service-kit";
import { type Log, StreamsError } from "@fireworks/streams";
import { backOffMs, type Clock, delay } from "@fireworks/time";
import {
	BACK_OFF,
	IN_ORDER_MS,
	MESSAGE_CHARACTERS_MAX,
	SIZE_MS,
	TOPIC_POLL_MS,
} from "../limits.ts";
import type { LakeMetrics } from "../metrics.ts";
import { ColumnsError, evolved } from "../rows/columns.ts";
import type { RowsOf } from "../rows/row-maker.ts";
import type { Budget } from "./budget.ts";
import { Changed, TopicAbsent } from "./ends.ts";
import type { RefusedRecords } from "./refused-records.ts";
import { Session } from "./session.ts";
import { TableStatus } from "./status.ts";

/** What all tables share. */
export interface TableContext {
	readonly log: Log;
	readonly clock: Clock;
	readonly logger: Logger;
	readonly metrics: LakeMetrics;
	readonly location: LakeLocation;
	readonly reader: TableReader;
	readonly openTable: OpenTable;
	readonly owner: string;
	/** Aborted when nothing can be committed in time before the service ends. */
	readonly giveUp: AbortSignal;
	readonly budget: Budget;
	readonly refused: RefusedRecords;
	readonly commitMs: number;
	/** Resolves when the catalog is read to its end. */
	caughtUp(): Promise<void>;
}

export interface KeptTableOptions {
	readonly topic: string;
	readonly table: string;
	/** The definition now: its version, and its rows. Throws ColumnsError. */
	definition(): { readonly version: number; rows(): RowsOf };
}

export class KeptTable {
	readonly status: TableStatus;
	readonly #context: TableContext;
	readonly #options: KeptTableOptions;
	#changed = new AbortController();
	#sizedAtMs = Number.NEGATIVE_INFINITY;

	constructor(context: TableContext, options: KeptTableOptions) {
		this.#context = context;
		this.#options = options;
		this.status = new TableStatus(options.table, options.topic);
	}

	/** The definition is another one: what was read is committed, then the table is opened again. */
	changed(): void {
		this.#changed.abort();
		this.#changed = new AbortController();
	}

	/** Resolves after the signal is aborted, with all that was read committed. Throws when fenced. */
	async run(signal: AbortSignal): Promise<void> {
		const { clock, logger } = this.#context;
		const { topic: stream } = this.#options;
		let failures = 0;
		while (!signal.aborted) {
			const started = clock.monotonicMs();
			const round = AbortSignal.any([signal, this.#changed.signal]);
			try {
				await this.#once(round);
				failures = 0;
			} catch (error) {
				if (isUnrecoverable(error)) throw error;
				const message = messageOf(error);
				if (error instanceof Changed) {
					logger.info({ stream, why: message }, "opening the table again");
				} else if (error instanceof TopicAbsent) {
					if (this.status.state !== "absent") logger.info({ stream }, message);
					this.status.enter("absent", message);
					await delay(clock, TOPIC_POLL_MS, round);
				} else if (isMisfit(error)) {
					logger.error(
						{ stream, why: message },
						"the stream's definition does not fit its table: nothing is written to it until the definition is changed",
					);
					this.status.enter("stopped", message);
					await delay(clock, FOREVER_MS, round);
				} else {
					if (clock.monotonicMs() - started > IN_ORDER_MS) failures = 0;
					failures++;
					this.#failed();
					logger.warn(
						{ err: error, stream, failures },
						"a table failed: everything since its last commit is read again",
					);
					this.status.enter("waiting", message);
					await delay(
						clock,
						backOffMs(BACK_OFF, failures, Math.random()),
						round,
					);
				}
			}
		}
	}

	/** Opens the table and reads until the signal is aborted. */
	async #once(signal: AbortSignal): Promise<void> {
		const { log, logger, location, owner, refused, openTable, giveUp } =
			this.#context;
		const { topic, table: name, definition } = this.#options;
		await refused.open();
		const ranges = await log.offsets(topic);
		if (ranges === undefined) throw new TopicAbsent(topic);
		// A broker without topic ids (before Kafka 2.8) cannot show that a topic was made again.
		const topicId = (await log.topicId(topic)) ?? "";
		const { version, rows } = definition();
		const { columns, partitionBy, maker } = rows();
		const table = await openTable(
			location,
			{
				name,
				columns,
				partitionBy: { column: partitionBy, per: "day" },
				topicId,
			},
			{
				owner,
				signal: giveUp,
				logger: this.status.whileWaiting(logger, () => this.#failed()),
			},
		);
		try {
			await table.evolve(evolved(table.columns, columns));
			// An empty commit: from here on, no earlier writer can commit to the table.
			await table.commit(
				{ count: 0, columns: table.columns.map(() => []) },
				table.positions,
			);
			const known = await refused.since(topic, topicId, table.positions);
			const session = new Session({
				...this.#context,
				status: this.status,
				topic,
				topicId,
				table,
				maker: maker(table.columns),
				known,
				sameDefinition: async () => {
					await this.#context.caughtUp();
					return definition().version === version;
				},
				committed: () => this.#measure(),
			});
			logger.info(
				{ stream: topic, table: name, positions: [...table.positions] },
				"reading into the table",
			);
			this.status.enter("reading");
			await this.#measure();
			await session.run(ranges, signal);
		} finally {
			await table.close();
		}
	}

	#failed(): void {
		this.#context.metrics.failures.inc({ stream: this.#options.topic });
	}

	/** For the metrics and the status only. */
	async #measure(): Promise<void> {
		const { clock, reader } = this.#context;
		if (clock.monotonicMs() < this.#sizedAtMs + SIZE_MS) return;
		this.#sizedAtMs = clock.monotonicMs();
		const snapshot = await reader.snapshot(this.#options.table);
		if (snapshot === undefined) return;
		const { rows, files, snapshots } = snapshot;
		this.status.size = {
			rows,
			files: files.length,
			bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
			snapshots,
		};
	}
}

/** The longest time of a timer, 25 days. A stopped table is then tried once more. */
const FOREVER_MS = 2 ** 31 - 1;

const isMisfit = (error: unknown): boolean =>
	error instanceof SchemaError || error instanceof ColumnsError;

/** Another writer took over, or Kafka rejects us: that is so for every table. */
const isUnrecoverable = (error: unknown): boolean =>
	error instanceof FencedError ||
	(error instanceof StreamsError && error.fatal);

const messageOf = (error: unknown): string =>
	(error instanceof Error ? error.message : String(error)).slice(
		0,
		MESSAGE_CHARACTERS_MAX,
	);
