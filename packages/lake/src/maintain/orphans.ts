/**
 * Files of a table that no snapshot names: a writer ended before it committed them, or before it
 * deleted them.
 */
import type { Catalog } from "../catalog/catalog.ts";
import { readLiveEntries } from "../iceberg/live-entries.ts";
import { readManifestList } from "../iceberg/manifest-list.ts";
import type { TableMetadata } from "../iceberg/metadata.ts";
import { absentAsUndefined, filesBefore, readUri } from "../storage/files.ts";

/** before: only files that were last written before this time. location: of the table. */
export async function findOrphans(
	catalog: Catalog,
	name: string,
	location: string,
	before: number,
): Promise<readonly string[]> {
	// First the files, then the table: what was committed in between is not taken for an orphan.
	const files = [
		...(await filesBefore(`${location}/data`, before)),
		...(await filesBefore(`${location}/metadata`, before)),
	].filter((file) => !file.endsWith(".metadata.json"));
	if (files.length === 0) return [];
	const table = await catalog.load(name);
	if (table?.metadata.location !== location) return [];
	// A snapshot can expire while it is read: then the next time will tell.
	const named = await namedFiles(table.metadata).catch(absentAsUndefined);
	return named ? files.filter((file) => !named.has(file)) : [];
}

/** By all snapshots that are kept. */
async function namedFiles({
	snapshots,
}: TableMetadata): Promise<ReadonlySet<string>> {
	const named = new Set<string>();
	for (const { "manifest-list": list } of snapshots) {
		named.add(list);
		for (const manifest of await readManifestList(await readUri(list))) {
			if (named.has(manifest.manifest_path)) continue;
			named.add(manifest.manifest_path);
			for (const { data_file } of await readLiveEntries(manifest))
				named.add(data_file.file_path);
		}
	}
	return named;
}
