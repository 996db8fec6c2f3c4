/**
 * Publishes streams to the catalog, and only what has changed.
 *
 * All publishers share one transactional identity, so two of them cannot change the catalog at
 * once. A publisher first fences the others with an empty transaction, then reads the catalog, then
 * writes. If another publisher came in between, the write fails, and it all starts again. So the
 * check for compatibility is always made against the newest entry.
 */
import type { TopicSettings } from "@fireworks/contracts";
import {
	type Log,
	StreamsError,
	systemClock,
	type TransactionalProducer,
} from "@fireworks/streams";
import type { StreamDescription } from "../stream/description.ts";
import {
	CATALOG_TOPIC,
	type CatalogEntry,
	catalogTopic,
	nextEntry,
} from "./entry.ts";
import { type Catalog, readCatalog } from "./read.ts";

export interface PublishOptions {
	log: Log;
	settings: Pick<TopicSettings, "replicationFactor" | "topicConfigs">;
	streams: readonly StreamDescription[];
	/** Publish a schema that breaks what reads the stream. Default: false. */
	allowIncompatible?: boolean;
}

const TRANSACTION_TIMEOUT_MS = 10_000;
const ATTEMPTS_MAX = 30;
const RETRY_MS = { least: 20, most: 200 } as const;

/**
 * Creates the catalog if it does not exist. Returns what was written. Throws IncompatibleError, and
 * then writes nothing.
 */
export async function publish(
	options: PublishOptions,
): Promise<readonly CatalogEntry[]> {
	const { log, settings } = options;
	await log.ensureTopics([catalogTopic(settings)]);
	if (changes(options, await readCatalog(log)).length === 0) return [];
	for (let attempt = 1; ; attempt++) {
		const producer = log.transactionalProducer(
			CATALOG_TOPIC,
			TRANSACTION_TIMEOUT_MS,
		);
		try {
			return await write(options, producer);
		} catch (error) {
			const again =
				error instanceof StreamsError && !error.fatal && attempt < ATTEMPTS_MAX;
			if (!again) throw error;
		} finally {
			await producer.close().catch(() => {});
		}
		const { least, most } = RETRY_MS;
		await systemClock.sleep(least + Math.random() * (most - least));
	}
}

async function write(
	options: PublishOptions,
	producer: TransactionalProducer,
): Promise<readonly CatalogEntry[]> {
	await producer.transact(new Map());
	const entries = changes(options, await readCatalog(options.log));
	if (entries.length === 0) return [];
	const timestamp = systemClock.now();
	await producer.transact(
		new Map([
			[
				CATALOG_TOPIC,
				entries.map((entry) => ({
					partition: 0,
					key: entry.name,
					value: JSON.stringify(entry),
					timestamp,
				})),
			],
		]),
	);
	return entries;
}

const changes = (
	{ streams, allowIncompatible = false }: PublishOptions,
	catalog: Catalog,
): CatalogEntry[] =>
	streams.flatMap(
		(stream) =>
			nextEntry(catalog.get(stream.name), stream, allowIncompatible) ?? [],
	);
