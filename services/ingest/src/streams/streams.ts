/**
 * The streams of the catalog, which is watched: a stream that is published now can be written to at
 * once, and a new schema holds from the next request on.
 */
import type { TopicSettings } from "@fireworks/contracts";
import {
	type Catalog,
	type CatalogEntry,
	catalogTopic,
	topicOf,
	watchCatalog,
} from "@fireworks/pipeline";
import type { Logger } from "@fireworks/service-kit";
import { type Log, StreamsError, systemClock } from "@fireworks/streams";
import { aborted, backOffMs } from "@fireworks/time";
import { RequestRefused } from "../http/request-refused.ts";
import { BACK_OFF, OPEN_STREAM_MS, TOPIC_CHECK_MS } from "../limits.ts";
import { inTime } from "../waits.ts";
import { OpenStream } from "./open-stream.ts";

interface Opened {
	readonly entry: CatalogEntry;
	readonly stream: OpenStream;
	checkedAt: number;
}

export interface StreamsOptions {
	log: Log;
	settings: TopicSettings;
	logger: Logger;
}

export class Streams {
	readonly #options: StreamsOptions;
	readonly #opened = new Map<string, Opened>();
	readonly #checks = new Map<CatalogEntry, Promise<OpenStream>>();
	#catalog: Catalog | undefined;

	constructor(options: StreamsOptions) {
		this.#options = options;
	}

	notReady(): string | undefined {
		return this.#catalog === undefined
			? "the catalog has not been read yet"
			: undefined;
	}

	/** Watches the catalog until the signal is aborted; rejects with an unrecoverable error. */
	async run(signal: AbortSignal): Promise<void> {
		const { log, settings, logger } = this.#options;
		const stopped = aborted(signal);
		for (let failures = 1; !signal.aborted; failures++) {
			try {
				await log.ensureTopics([catalogTopic(settings)]);
				const watch = await watchCatalog(log);
				this.#catalog = watch.catalog;
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
				await systemClock.sleep(backOffMs(BACK_OFF, failures || 1), signal);
			}
		}
	}

	/** The stream's topic is made if it does not exist. Throws RequestRefused. */
	async open(name: string): Promise<OpenStream> {
		if (this.#catalog === undefined)
			throw new RequestRefused("not-ready", "the catalog is not read yet");
		const entry = this.#catalog.get(name);
		if (entry === undefined) {
			this.#opened.delete(name);
			throw new RequestRefused(
				"unknown-stream",
				`the catalog has no stream ${JSON.stringify(name)}`,
			);
		}
		const known = this.#opened.get(name);
		if (known?.entry !== entry)
			return inTime(this.#check(entry), OPEN_STREAM_MS, () => {
				throw new RequestRefused(
					"not-ready",
					`Kafka has not answered for the topic ${name}`,
				);
			});
		// Never wait here: while the broker is away, the queue bounds how long a request waits.
		if (systemClock.now() - known.checkedAt >= TOPIC_CHECK_MS) {
			known.checkedAt = systemClock.now();
			this.#check(entry).catch(() => {});
		}
		return known.stream;
	}

	/** Check the topics before they are used again: a transaction has failed. */
	checkAgain(): void {
		for (const opened of this.#opened.values())
			opened.checkedAt = Number.NEGATIVE_INFINITY;
	}

	#check(entry: CatalogEntry): Promise<OpenStream> {
		const running = this.#checks.get(entry);
		if (running !== undefined) return running;
		const check = this.#checkNow(entry).finally(() =>
			this.#checks.delete(entry),
		);
		this.#checks.set(entry, check);
		return check;
	}

	async #checkNow(entry: CatalogEntry): Promise<OpenStream> {
		const { log, settings, logger } = this.#options;
		const { name } = entry;
		try {
			// A topic that exists keeps its number of partitions.
			const partitions =
				(await log.offsets(name))?.length ?? settings.partitions;
			await log.ensureTopics([{ ...topicOf(entry, settings), partitions }]);
			const known = this.#opened.get(name);
			const stream =
				known?.entry === entry && known.stream.partitions === partitions
					? known.stream
					: new OpenStream(entry, partitions);
			this.#opened.set(name, { entry, stream, checkedAt: systemClock.now() });
			return stream;
		} catch (error) {
			const message = `the stream ${name} cannot be written to: ${(error as Error).message}`;
			logger.warn({ err: error, stream: name }, message);
			throw new RequestRefused(
				error instanceof StreamsError && error.fatal
					? "stream-unusable"
					: "not-ready",
				message,
				{ cause: error },
			);
		}
	}
}
