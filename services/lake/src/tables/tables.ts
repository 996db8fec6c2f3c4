/**
 * The tables of the catalog's streams. The catalog is watched: a new stream gets its table at once,
 * a changed one goes on with its new definition, and a removed one is no longer written.
 */
import type { TopicSettings } from "@fireworks/contracts";
import {
	type Catalog,
	type CatalogEntry,
	type CatalogWatch,
	catalogTopic,
	watchCatalog,
} from "@fireworks/pipeline";
import { StreamsError } from "@fireworks/streams";
import { aborted, backOffMs, delay } from "@fireworks/time";
import { BACK_OFF, TABLES_MAX } from "../limits.ts";
import {
	DEAD_LETTER_TABLE,
	deadLetterRows,
} from "../rows/dead-letter-topic.ts";
import { streamRows } from "../rows/stream-rows.ts";
import {
	KeptTable,
	type KeptTableOptions,
	type TableContext,
} from "./kept-table.ts";
import { REFUSED_TABLE } from "./refused-records.ts";
import type { TableStatus } from "./status.ts";

interface Running {
	readonly table: KeptTable;
	readonly stop: AbortController;
	readonly ended: Promise<void>;
	/** undefined: a table of our own, which no stream of the catalog has. */
	entry: CatalogEntry | undefined;
}

type Settings = Pick<
	TopicSettings,
	"replicationFactor" | "topicConfigs" | "topicDeadLetter"
>;

export class Tables {
	readonly #context: TableContext;
	readonly #settings: Settings;
	readonly #running = new Map<string, Running>();
	/** Streams that are named in the log as having no table. */
	readonly #left = new Set<string>();
	readonly #failed = Promise.withResolvers<never>();
	#watch: CatalogWatch | undefined;
	#ending = false;

	constructor(context: Omit<TableContext, "caughtUp">, settings: Settings) {
		this.#context = { ...context, caughtUp: () => this.#caughtUp() };
		this.#settings = settings;
		this.#failed.promise.catch(() => {});
	}

	/** Of all tables, in the order in which they were found. */
	*statuses(): Iterable<TableStatus> {
		yield this.#context.refused.status;
		for (const { table } of this.#running.values()) yield table.status;
	}

	notReady(): string | undefined {
		if (this.#watch === undefined) return "the catalog has not been read yet";
		for (const { stream, seen, error } of this.statuses())
			if (!seen)
				return `the table of ${stream} is not open yet${error === undefined ? "" : `: ${error}`}`;
		return undefined;
	}

	/**
	 * Resolves after the signal is aborted, when all that was read is committed. Rejects when the
	 * service has to end: FencedError, or a fatal StreamsError.
	 */
	async run(signal: AbortSignal): Promise<void> {
		this.#start(DEAD_LETTER_TABLE, undefined, {
			topic: this.#settings.topicDeadLetter,
			table: DEAD_LETTER_TABLE,
			definition: () => ({ version: 1, rows: deadLetterRows }),
		});
		const watching = this.#watchUntil(signal);
		try {
			await Promise.race([watching, this.#failed.promise]);
		} finally {
			this.#ending = true;
			for (const { stop } of this.#running.values()) stop.abort();
			await Promise.allSettled([...this.#running.values()].map((r) => r.ended));
		}
		// One can be fenced by its last commit.
		await Promise.all([...this.#running.values()].map((r) => r.ended));
	}

	async #watchUntil(signal: AbortSignal): Promise<void> {
		const { log, logger, clock } = this.#context;
		const stopped = aborted(signal);
		for (let failures = 1; !signal.aborted; failures++) {
			try {
				await log.ensureTopics([catalogTopic(this.#settings)]);
				const watch = await watchCatalog(log, (name, entry) =>
					this.#take(name, entry),
				);
				this.#reconcile(watch.catalog);
				this.#watch = watch;
				failures = 0;
				try {
					await Promise.race([watch.failed, stopped]);
				} finally {
					await watch.close().catch(() => {});
				}
			} catch (error) {
				if (error instanceof StreamsError && error.fatal) throw error;
				// The catalog as it was is better than none: streams change rarely.
				logger.warn({ err: error }, "reading the catalog again");
				await delay(clock, backOffMs(BACK_OFF, failures || 1), signal);
			}
		}
	}

	async #caughtUp(): Promise<void> {
		if (this.#watch === undefined)
			throw new Error("the catalog has not been read yet");
		await this.#watch.caughtUp();
	}

	/** Everything at once: after a failure of the watch, changes may have been missed. */
	#reconcile(catalog: Catalog): void {
		for (const [name, { entry }] of this.#running)
			if (entry !== undefined && !catalog.has(name))
				this.#take(name, undefined);
		for (const [name, entry] of catalog) this.#take(name, entry);
	}

	#take(name: string, entry: CatalogEntry | undefined): void {
		const running = this.#running.get(name);
		if (entry?.table !== true) {
			if (running?.entry === undefined) return;
			this.#context.logger.info(
				{ stream: name },
				"the stream is no longer written to its table",
			);
			this.#stop(name, running);
			return;
		}
		if (running !== undefined && running.entry === undefined) return;
		if (running === undefined) this.#add(name, entry);
		else if (running.entry?.version !== entry.version) {
			running.entry = entry;
			running.table.changed();
		}
	}

	#add(name: string, entry: CatalogEntry): void {
		const { logger } = this.#context;
		if (OWN_TABLES.has(name) || this.#running.size >= TABLES_MAX) {
			if (this.#left.has(name)) return;
			this.#left.add(name);
			logger.error(
				{ stream: name, tablesMax: TABLES_MAX },
				OWN_TABLES.has(name)
					? "the stream gets no table, as the lake has a table of its own of that name: give the stream another name"
					: "the stream gets no table, as there are too many: set table: false for streams that need none",
			);
			return;
		}
		this.#start(name, entry, {
			topic: name,
			table: name,
			definition: () => {
				const now = this.#running.get(name)?.entry ?? entry;
				return { version: now.version, rows: () => streamRows(now) };
			},
		});
	}

	#start(
		name: string,
		entry: CatalogEntry | undefined,
		options: KeptTableOptions,
	): void {
		const table = new KeptTable(this.#context, options);
		const stop = new AbortController();
		const ended = table.run(stop.signal);
		ended.catch((error) => this.#failed.reject(error));
		this.#running.set(name, { table, stop, ended, entry });
	}

	#stop(name: string, running: Running): void {
		running.stop.abort();
		// A stream that comes back at once must not be written by two.
		void running.ended
			.catch(() => {})
			.then(() => {
				if (this.#running.get(name) === running) this.#running.delete(name);
				const entry = this.#watch?.catalog.get(name);
				if (entry !== undefined && !this.#ending) this.#take(name, entry);
			});
	}
}

const OWN_TABLES = new Set([REFUSED_TABLE, DEAD_LETTER_TABLE]);
