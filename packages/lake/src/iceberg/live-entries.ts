/** The data files that are alive in a manifest. */
import { readUri } from "../storage/files.ts";
import { type ManifestEntry, readManifest, STATUS } from "./manifest.ts";
import type { ManifestRecord } from "./manifest-list.ts";

/** An entry with the numbers of the commit that brought it. */
export interface LiveEntry extends ManifestEntry {
	readonly snapshot_id: bigint;
	readonly sequence_number: bigint;
	readonly file_sequence_number: bigint;
}

const liveEntries = (
	entries: readonly ManifestEntry[],
	manifest: ManifestRecord,
): readonly LiveEntry[] =>
	entries
		.filter(({ status }) => status !== STATUS.deleted)
		.map((entry) => ({
			...entry,
			snapshot_id: entry.snapshot_id ?? manifest.added_snapshot_id,
			sequence_number: entry.sequence_number ?? manifest.sequence_number,
			file_sequence_number:
				entry.file_sequence_number ?? manifest.sequence_number,
		}));

export const readLiveEntries = async (
	manifest: ManifestRecord,
): Promise<readonly LiveEntry[]> =>
	liveEntries(
		await readManifest(await readUri(manifest.manifest_path)),
		manifest,
	);
