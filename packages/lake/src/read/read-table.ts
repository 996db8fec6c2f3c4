/** The newest snapshot of one table, of which only what is new is read. */
import type { Catalog } from "../catalog/catalog.ts";
import { readLiveEntries } from "../iceberg/live-entries.ts";
import { hasLiveFiles, type ManifestRecord } from "../iceberg/manifest-list.ts";
import { currentSchema, type TableMetadata } from "../iceberg/metadata.ts";
import { partitioningOf } from "../iceberg/partition.ts";
import { columnsOf } from "../iceberg/schema.ts";
import type { DataFile, TableSnapshot } from "../ports.ts";
import { isAbsent } from "../storage/files.ts";
import { PROPERTY, positionsOf } from "../table/properties.ts";
import { stateOf, type TableState } from "../table/state.ts";
import { dataFileOf } from "./data-files.ts";

/** Files of a snapshot can be deleted while it is read, if the table has newer ones. */
const READ_ATTEMPTS = 5;

export class ReadTable {
	readonly #catalog: Catalog;
	readonly #name: string;
	#metadataLocation: string | undefined;
	#snapshot: TableSnapshot | undefined;
	/** What manifests never change: by path, for one schema. */
	#files = new Map<string, readonly DataFile[]>();
	#schemaId: number | undefined;
	#reading: Promise<TableSnapshot | undefined> | undefined;

	constructor(catalog: Catalog, name: string) {
		this.#catalog = catalog;
		this.#name = name;
	}

	/** Calls that overlap share one reading. */
	snapshot(): Promise<TableSnapshot | undefined> {
		this.#reading ??= this.#read().finally(() => {
			this.#reading = undefined;
		});
		return this.#reading;
	}

	async #read(): Promise<TableSnapshot | undefined> {
		for (let attempt = 1; ; attempt += 1) {
			const loaded = await this.#catalog.load(this.#name);
			if (loaded === undefined) return undefined;
			const { metadataLocation, metadata } = loaded;
			if (
				this.#metadataLocation === metadataLocation &&
				metadataLocation !== ""
			)
				return this.#snapshot;
			try {
				this.#snapshot = await this.#snapshotOf(await stateOf(metadata));
				this.#metadataLocation = metadataLocation;
				return this.#snapshot;
			} catch (error) {
				if (!isAbsent(error) || attempt === READ_ATTEMPTS) throw error;
			}
		}
	}

	async #snapshotOf(state: TableState): Promise<TableSnapshot> {
		const { metadata, snapshot } = state;
		const files = await this.#liveFiles(metadata, state.manifests);
		return {
			name: this.#name,
			columns: columnsOf(currentSchema(metadata)),
			timeColumn: partitioningOf(metadata).column.name,
			snapshotId: snapshot?.["snapshot-id"],
			committedAt: snapshot?.["timestamp-ms"],
			topicId: metadata.properties[PROPERTY.topicId] ?? "",
			positions: positionsOf(metadata.properties),
			rows: files.reduce((sum, file) => sum + file.rows, 0),
			files,
			snapshots: metadata.snapshots.length,
		};
	}

	async #liveFiles(
		metadata: TableMetadata,
		manifests: readonly ManifestRecord[],
	): Promise<readonly DataFile[]> {
		const schemaId = metadata["current-schema-id"];
		const known = this.#schemaId === schemaId ? this.#files : new Map();
		const columns = new Map(
			columnsOf(currentSchema(metadata)).map((each) => [each.id, each]),
		);
		const time = partitioningOf(metadata).column.name;
		const files = new Map<string, readonly DataFile[]>();
		for (const manifest of manifests.filter(hasLiveFiles)) {
			const path = manifest.manifest_path;
			files.set(
				path,
				known.get(path) ??
					(await readLiveEntries(manifest)).map(({ data_file }) =>
						dataFileOf(data_file, columns, time),
					),
			);
		}
		this.#files = files;
		this.#schemaId = schemaId;
		return [...files.values()].flat();
	}
}
