/** What a writer knows of the newest state of its table. */
import type { Catalog } from "../catalog/catalog.ts";
import { CatalogError } from "../errors.ts";
import {
	type ManifestRecord,
	readManifestList,
} from "../iceberg/manifest-list.ts";
import {
	currentSnapshot,
	type Snapshot,
	type TableMetadata,
} from "../iceberg/metadata.ts";
import { isAbsent, readUri } from "../storage/files.ts";

export interface TableState {
	readonly metadata: TableMetadata;
	/** undefined: nothing was committed yet. */
	readonly snapshot: Snapshot | undefined;
	readonly manifests: readonly ManifestRecord[];
}

/** A manifest list can be deleted between two reads, if the table has newer snapshots. */
const READ_ATTEMPTS = 5;

export async function readState(
	catalog: Catalog,
	name: string,
): Promise<TableState> {
	for (let attempt = 1; ; attempt += 1) {
		const loaded = await catalog.load(name);
		if (loaded === undefined)
			throw new CatalogError(`there is no table ${name}: it was removed`);
		try {
			return await stateOf(loaded.metadata);
		} catch (error) {
			if (!isAbsent(error) || attempt === READ_ATTEMPTS) throw error;
		}
	}
}

export async function stateOf(metadata: TableMetadata): Promise<TableState> {
	const snapshot = currentSnapshot(metadata);
	const manifests =
		snapshot === undefined
			? []
			: await readManifestList(await readUri(snapshot["manifest-list"]));
	return { metadata, snapshot, manifests };
}
