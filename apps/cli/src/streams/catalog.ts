/** The catalog as it is now, read without a consumer group. */
import { CATALOG_TOPIC, type CatalogEntry, entryOf } from "@fireworks/pipeline";
import type { Kafka } from "./kafka.ts";
import { readRanges, wholeTopic } from "./read-range.ts";

/** By name; empty if there is no catalog. */
export async function catalogNow({
	admin,
	topics,
}: Pick<Kafka, "admin" | "topics">): Promise<
	ReadonlyMap<string, CatalogEntry>
> {
	const catalog = new Map<string, CatalogEntry>();
	if (!topics.has(CATALOG_TOPIC)) return catalog;
	const ranges = await wholeTopic(admin, CATALOG_TOPIC);
	for await (const records of readRanges(admin, ranges))
		for (const { key, value } of records) {
			const entry = entryOf(key, value);
			if (value === null) catalog.delete(String(key));
			else if (entry !== undefined) catalog.set(entry.name, entry);
		}
	return catalog;
}
