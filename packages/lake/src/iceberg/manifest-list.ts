/** Manifest lists: the manifests of one snapshot. */
import { UnsupportedTableError } from "../errors.ts";
import { readAvro, writeAvro } from "./avro.ts";
import { MANIFEST_LIST_SCHEMA } from "./avro-schemas.ts";
import { type ManifestEntry, STATUS } from "./manifest.ts";
import type { Partitioning } from "./partition.ts";

interface PartitionSummary {
	readonly contains_null: boolean;
	readonly contains_nan: boolean | null;
	readonly lower_bound: Buffer | null;
	readonly upper_bound: Buffer | null;
}

/** A manifest as a manifest list has it: Avro's names. */
export interface ManifestRecord {
	readonly manifest_path: string;
	readonly manifest_length: bigint;
	readonly partition_spec_id: number;
	readonly content: number;
	readonly sequence_number: bigint;
	readonly min_sequence_number: bigint;
	readonly added_snapshot_id: bigint;
	readonly added_files_count: number;
	readonly existing_files_count: number;
	readonly deleted_files_count: number;
	readonly added_rows_count: bigint;
	readonly existing_rows_count: bigint;
	readonly deleted_rows_count: bigint;
	readonly partitions: readonly PartitionSummary[] | null;
}

export const hasLiveFiles = (manifest: ManifestRecord): boolean =>
	manifest.added_files_count + manifest.existing_files_count > 0;

/** What a list says of a manifest that a commit of this snapshot and sequence number brings. */
export function manifestRecord(
	written: { path: string; length: number; entries: readonly ManifestEntry[] },
	partitioning: Partitioning,
	snapshotId: bigint,
	sequenceNumber: bigint,
): ManifestRecord {
	const of = (status: number) =>
		written.entries.filter((entry) => entry.status === status);
	const rows = (entries: readonly ManifestEntry[]) =>
		entries.reduce((sum, entry) => sum + entry.data_file.record_count, 0n);
	const [existing, added, deleted] = [
		of(STATUS.existing),
		of(STATUS.added),
		of(STATUS.deleted),
	];
	const sequences = [...existing, ...added].map(
		(entry) => entry.sequence_number ?? sequenceNumber,
	);
	return {
		manifest_path: written.path,
		manifest_length: BigInt(written.length),
		partition_spec_id: partitioning.spec["spec-id"],
		content: 0,
		sequence_number: sequenceNumber,
		min_sequence_number:
			sequences.sort((a, b) => Number(a - b))[0] ?? sequenceNumber,
		added_snapshot_id: snapshotId,
		added_files_count: added.length,
		existing_files_count: existing.length,
		deleted_files_count: deleted.length,
		added_rows_count: rows(added),
		existing_rows_count: rows(existing),
		deleted_rows_count: rows(deleted),
		partitions: [partitionSummary(written.entries, partitioning.field)],
	};
}

function partitionSummary(
	entries: readonly ManifestEntry[],
	field: string,
): PartitionSummary {
	const values = entries.map(({ data_file }) => data_file.partition[field]);
	const known = values.filter((value) => typeof value === "number");
	const bound = (choose: (a: number, b: number) => number) => {
		if (known.length === 0) return null;
		const bytes = Buffer.alloc(4);
		bytes.writeInt32LE(known.reduce((a, b) => choose(a, b)));
		return bytes;
	};
	return {
		contains_null: known.length < values.length,
		contains_nan: null,
		lower_bound: bound(Math.min),
		upper_bound: bound(Math.max),
	};
}

export const writeManifestList = (
	manifests: readonly ManifestRecord[],
	ids: {
		snapshotId: bigint;
		parentId: bigint | undefined;
		sequenceNumber: bigint;
	},
): Promise<Buffer> =>
	writeAvro(MANIFEST_LIST_SCHEMA, manifests, {
		"snapshot-id": String(ids.snapshotId),
		"parent-snapshot-id": String(ids.parentId ?? null),
		"sequence-number": String(ids.sequenceNumber),
		"format-version": "2",
	});

const DATA = 0;

/** Refuses a table from which another program has deleted rows by delete files. */
export async function readManifestList(
	file: Buffer,
): Promise<readonly ManifestRecord[]> {
	const records = (await readAvro(file)) as ManifestRecord[];
	return records.map((record) => {
		if (record.content !== DATA)
			throw new UnsupportedTableError(
				"another program deleted single rows of this table, which Fireworks cannot read. Rewrite its data files with that program",
			);
		// Only the fields of our own schema: another writer may have more.
		return {
			manifest_path: record.manifest_path,
			manifest_length: record.manifest_length,
			partition_spec_id: record.partition_spec_id,
			content: DATA,
			sequence_number: record.sequence_number,
			min_sequence_number: record.min_sequence_number,
			added_snapshot_id: record.added_snapshot_id,
			added_files_count: record.added_files_count,
			existing_files_count: record.existing_files_count,
			deleted_files_count: record.deleted_files_count,
			added_rows_count: record.added_rows_count,
			existing_rows_count: record.existing_rows_count,
			deleted_rows_count: record.deleted_rows_count,
			partitions: record.partitions?.map((each) => ({ ...each })) ?? null,
		};
	});
}
