/** The live files of a table by manifest, of which only new manifests are read. */
import { type LiveEntry, readLiveEntries } from "../iceberg/live-entries.ts";
import { hasLiveFiles, type ManifestRecord } from "../iceberg/manifest-list.ts";
import type { TableState } from "../table/state.ts";

export interface ManifestWithFiles {
	readonly manifest: ManifestRecord;
	readonly entries: readonly LiveEntry[];
}

export class LiveFiles {
	#known = new Map<string, readonly LiveEntry[]>();

	async of({ manifests }: TableState): Promise<readonly ManifestWithFiles[]> {
		const found: ManifestWithFiles[] = [];
		for (const manifest of manifests.filter(hasLiveFiles))
			found.push({
				manifest,
				entries:
					this.#known.get(manifest.manifest_path) ??
					(await readLiveEntries(manifest)),
			});
		this.#known = new Map(
			found.map(({ manifest, entries }) => [manifest.manifest_path, entries]),
		);
		return found;
	}
}
