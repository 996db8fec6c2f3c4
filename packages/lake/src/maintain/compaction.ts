/** Replaces files by fewer ones with the same rows, and many manifests by few. */
import type { LiveEntry } from "../iceberg/live-entries.ts";
import { type ManifestEntry, STATUS } from "../iceberg/manifest.ts";
import { currentSchema } from "../iceberg/metadata.ts";
import { partitioningOf } from "../iceberg/partition.ts";
import { columnsOf } from "../iceberg/schema.ts";
import type { ParquetWriter } from "../parquet/parquet-writer.ts";
import { pathOf, syncFolder } from "../storage/files.ts";
import {
	type NewSnapshot,
	newSnapshotId,
	type WrittenManifest,
	writeNewManifest,
} from "../table/proposal.ts";
import type { TableState } from "../table/state.ts";
import type { ManifestWithFiles } from "./live-files.ts";
import { planMerges } from "./plan.ts";

/** With more manifests, the small ones become one: each reader opens all of them. */
const MAX_SMALL_MANIFESTS = 30;

/** A manifest with more files is not small. */
const SMALL_MANIFEST_FILES = 1_000;

/** The files of merged manifests. */
const MANIFEST_FILES = 2_000;

export interface Compaction {
	readonly snapshot: NewSnapshot;
	/** Data files and manifests that the table no longer needs. */
	readonly replaced: readonly string[];
	/** The manifest of the files that are gone, which only this snapshot itself needs. */
	readonly ownManifests: readonly string[];
	readonly filesRewritten: number;
}

/** Writes what is needed. undefined: nothing is due. */
export async function prepareCompaction(
	writer: ParquetWriter,
	state: TableState,
	live: readonly ManifestWithFiles[],
	isQuiet: (partition: string) => boolean,
): Promise<Compaction | undefined> {
	const specId = state.metadata["default-spec-id"];
	// Another program can have changed the partitions: its older files stay as they are.
	const ours = live.filter(
		({ manifest }) => manifest.partition_spec_id === specId,
	);
	const merges = planMerges(
		ours.flatMap(({ entries }) => entries),
		isQuiet,
	);
	const gone = new Set(merges.flat());
	const touched = touchedManifests(ours, gone);
	if (touched.length === 0) return undefined;

	const id = newSnapshotId();
	const merged = await mergeAll(writer, state, merges, id);
	const survivors = touched
		.flatMap(({ entries }) => entries)
		.filter((entry) => !gone.has(entry))
		.map((entry) => ({ ...entry, status: STATUS.existing }));
	const deleted = [...gone].map((entry) => ({
		...entry,
		status: STATUS.deleted,
		snapshot_id: id,
	}));
	const manifests: WrittenManifest[] = [];
	for (const entries of [merged, ...chunks(survivors), deleted])
		if (entries.length > 0)
			manifests.push(await writeNewManifest(state, entries));
	const paths = new Set(touched.map(({ manifest }) => manifest.manifest_path));
	return {
		snapshot: {
			id,
			operation: "replace",
			added: manifests,
			keeps: ({ manifest_path: path }) => !paths.has(path),
			rows: 0n,
			files: merged.length - gone.size,
			summary: {
				"added-data-files": String(merged.length),
				"deleted-data-files": String(gone.size),
			},
			properties: {},
		},
		replaced: [
			...[...gone].map(({ data_file }) => data_file.file_path),
			...paths,
		],
		ownManifests: manifests
			.filter(({ entries }) => entries[0]?.status === STATUS.deleted)
			.map(({ path }) => path),
		filesRewritten: gone.size,
	};
}

function touchedManifests(
	live: readonly ManifestWithFiles[],
	gone: ReadonlySet<LiveEntry>,
): readonly ManifestWithFiles[] {
	const isTouched = ({ entries }: ManifestWithFiles) =>
		entries.some((entry) => gone.has(entry));
	const isSmall = ({ entries }: ManifestWithFiles) =>
		entries.length < SMALL_MANIFEST_FILES;
	const mergesManifests =
		live.filter((each) => isSmall(each) && !isTouched(each)).length >
		MAX_SMALL_MANIFESTS;
	return live.filter(
		(each) => isTouched(each) || (mergesManifests && isSmall(each)),
	);
}

async function mergeAll(
	writer: ParquetWriter,
	{ metadata }: TableState,
	merges: readonly LiveEntry[][],
	snapshotId: bigint,
): Promise<ManifestEntry[]> {
	const columns = columnsOf(currentSchema(metadata));
	const sortedBy = partitioningOf(metadata).column.name;
	const folder = `${metadata.location}/data`;
	const merged: ManifestEntry[] = [];
	for (const sources of merges) {
		const { uri, statistics } = await writer.merge(
			folder,
			columns,
			sources.map(({ data_file }) => data_file.file_path),
			sortedBy,
		);
		refuseLostRows(sources, statistics.record_count);
		merged.push({
			status: STATUS.added,
			snapshot_id: snapshotId,
			sequence_number: null,
			file_sequence_number: null,
			data_file: {
				content: 0,
				file_path: uri,
				file_format: "PARQUET",
				partition: sources[0]?.data_file.partition ?? {},
				...statistics,
				equality_ids: null,
			},
		});
	}
	if (merged.length > 0) await syncFolder(pathOf(folder));
	return merged;
}

function refuseLostRows(sources: readonly LiveEntry[], rows: bigint): void {
	const expected = sources.reduce(
		(total, { data_file }) => total + data_file.record_count,
		0n,
	);
	if (rows !== expected)
		throw new Error(
			`merging ${sources.length} files of ${expected} rows gave ${rows}: the files stay as they are`,
		);
}

function chunks(entries: readonly ManifestEntry[]): ManifestEntry[][] {
	const parts: ManifestEntry[][] = [];
	for (let start = 0; start < entries.length; start += MANIFEST_FILES)
		parts.push(entries.slice(start, start + MANIFEST_FILES));
	return parts;
}
