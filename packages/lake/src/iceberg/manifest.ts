/** Manifests: lists of data files, each with what is known of its rows. */

import { readAvro, writeAvro } from "./avro.ts";
import { manifestSchema } from "./avro-schemas.ts";
import { stringifyJson } from "./json.ts";
import type { TableSchema } from "./metadata.ts";
import type { Partitioning, PartitionValue } from "./partition.ts";

export const STATUS = { existing: 0, added: 1, deleted: 2 } as const;

/** By field id. */
export type Pairs<T> = readonly { readonly key: number; readonly value: T }[];

/** A data file as a manifest has it: Avro's names. */
export interface FileRecord {
	readonly content: number;
	readonly file_path: string;
	readonly file_format: string;
	readonly partition: Readonly<Record<string, PartitionValue>>;
	readonly record_count: bigint;
	readonly file_size_in_bytes: bigint;
	readonly value_counts: Pairs<bigint> | null;
	readonly null_value_counts: Pairs<bigint> | null;
	readonly lower_bounds: Pairs<Buffer> | null;
	readonly upper_bounds: Pairs<Buffer> | null;
	readonly equality_ids: null;
}

/** null for a number: that of the commit that brings the manifest. */
export interface ManifestEntry {
	readonly status: number;
	readonly snapshot_id: bigint | null;
	readonly sequence_number: bigint | null;
	readonly file_sequence_number: bigint | null;
	readonly data_file: FileRecord;
}

export const writeManifest = (
	entries: readonly ManifestEntry[],
	schema: TableSchema,
	partitioning: Partitioning,
): Promise<Buffer> =>
	writeAvro(manifestSchema(partitioning), entries, {
		schema: stringifyJson(schema),
		"schema-id": String(schema["schema-id"]),
		"partition-spec": stringifyJson(partitioning.spec.fields),
		"partition-spec-id": String(partitioning.spec["spec-id"]),
		"format-version": "2",
		content: "data",
	});

/** With the deleted ones. A file of another writer may lack what is optional. */
export async function readManifest(file: Buffer): Promise<ManifestEntry[]> {
	const records = (await readAvro(file)) as ManifestEntry[];
	return records.map(({ data_file, ...entry }) => ({
		status: entry.status,
		snapshot_id: entry.snapshot_id ?? null,
		sequence_number: entry.sequence_number ?? null,
		file_sequence_number: entry.file_sequence_number ?? null,
		data_file: {
			content: data_file.content ?? 0,
			file_path: data_file.file_path,
			file_format: data_file.file_format,
			partition: { ...data_file.partition },
			record_count: data_file.record_count,
			file_size_in_bytes: data_file.file_size_in_bytes,
			value_counts: data_file.value_counts ?? null,
			null_value_counts: data_file.null_value_counts ?? null,
			lower_bounds: data_file.lower_bounds ?? null,
			upper_bounds: data_file.upper_bounds ?? null,
			equality_ids: null,
		},
	}));
}
