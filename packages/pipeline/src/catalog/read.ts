/** Reads the catalog, once or for as long as the program runs. */
import { randomUUID } from "node:crypto";
import type { Log } from "@fireworks/streams";
import { CATALOG_TOPIC, type CatalogEntry, entryOf } from "./entry.ts";

/** The streams by their names. */
export type Catalog = ReadonlyMap<string, CatalogEntry>;

export interface CatalogWatch {
	/** The catalog now: the same map, which changes. */
	readonly catalog: Catalog;
	/** Rejects when the watch has failed. It does not recover by itself. */
	readonly failed: Promise<never>;
	/** Resolves when all that was published before the call is read; rejects if the watch fails. */
	caughtUp(): Promise<void>;
	close(): Promise<void>;
}

const SESSION_TIMEOUT_MS = 10_000;

/**
 * Resolves when all that was published before is read, and reports every later change. The topic
 * must exist: `log.ensureTopics([catalogTopic(settings)])` makes it.
 */
export async function watchCatalog(
	log: Log,
	onChange: (name: string, entry: CatalogEntry | undefined) => void = () => {},
): Promise<CatalogWatch> {
	const catalog = new Map<string, CatalogEntry>();
	const endNow = async () => (await log.ends(CATALOG_TOPIC))?.[0] ?? 0;
	const end = await endNow();
	// A group of its own, without offsets: Kafka removes it by itself once it is empty.
	const member = log.member({
		groupId: `${CATALOG_TOPIC}-${randomUUID()}`,
		topics: [CATALOG_TOPIC],
		sessionTimeoutMs: SESSION_TIMEOUT_MS,
	});
	let next = 0;
	let first = true;
	const waiting = new Map<() => void, number>();
	const reached = (offset: number) =>
		new Promise<void>((resolve) => {
			if (next >= offset) resolve();
			else waiting.set(resolve, offset);
		});
	const complete = reached(end);
	try {
		await member.start({
			onAssigned: () => member.seek(CATALOG_TOPIC, 0, next),
			onRebalancing: () => {},
			onBatch: async ({ records, nextOffset }) => {
				for (const { key, value, offset } of records) {
					if (offset < next) continue;
					const name = String(key);
					const entry = entryOf(key, value);
					if (value === null) catalog.delete(name);
					else if (entry === undefined) continue;
					else catalog.set(name, entry);
					if (!first) onChange(name, entry);
				}
				next = Math.max(next, nextOffset);
				for (const [resolve, offset] of waiting) {
					if (next < offset) continue;
					waiting.delete(resolve);
					resolve();
				}
			},
		});
		await Promise.race([complete, member.failed]);
	} catch (error) {
		await member.leave().catch(() => {});
		throw error;
	}
	first = false;
	return {
		catalog,
		failed: member.failed,
		caughtUp: async () => Promise.race([endNow().then(reached), member.failed]),
		close: () => member.leave(),
	};
}

/** The catalog as it is now; empty before the first stream is published. */
export async function readCatalog(log: Log): Promise<Catalog> {
	if (!(await log.ends(CATALOG_TOPIC))?.[0]) return new Map();
	const watch = await watchCatalog(log);
	await watch.close();
	return watch.catalog;
}
