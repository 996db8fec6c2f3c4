/**
 * The Avro schemas of manifests and manifest lists, with the field ids of Iceberg's specification.
 * Foreign readers insist on some of what the specification calls optional: DuckDB on field 135 of a
 * manifest and on element-id 508 of a manifest list.
 */
import type { Schema } from "avsc";
import type { Partitioning } from "./partition.ts";

const required = (id: number, name: string, type: unknown) => ({
	name,
	type,
	"field-id": id,
});

const optional = (id: number, name: string, type: unknown) => ({
	name,
	type: ["null", type],
	default: null,
	"field-id": id,
});

/** Avro's maps have strings as keys: Iceberg writes those with other keys as arrays of pairs. */
const map = (key: number, value: number, valueType: string) => ({
	type: "array",
	logicalType: "map",
	items: {
		type: "record",
		name: `k${key}_v${value}`,
		fields: [required(key, "key", "int"), required(value, "value", valueType)],
	},
});

const partitionType = ({ spec, field, per }: Partitioning) => ({
	type: "record",
	name: "r102",
	fields: [
		optional(
			spec.fields[0]?.["field-id"] ?? 0,
			field,
			per === "day" ? { type: "int", logicalType: "date" } : "int",
		),
	],
});

const dataFile = (partitioning: Partitioning) => ({
	type: "record",
	name: "r2",
	fields: [
		required(134, "content", "int"),
		required(100, "file_path", "string"),
		required(101, "file_format", "string"),
		required(102, "partition", partitionType(partitioning)),
		required(103, "record_count", "long"),
		required(104, "file_size_in_bytes", "long"),
		optional(109, "value_counts", map(119, 120, "long")),
		optional(110, "null_value_counts", map(121, 122, "long")),
		optional(125, "lower_bounds", map(126, 127, "bytes")),
		optional(128, "upper_bounds", map(129, 130, "bytes")),
		optional(135, "equality_ids", {
			type: "array",
			"element-id": 136,
			items: "int",
		}),
	],
});

export const manifestSchema = (partitioning: Partitioning): Schema =>
	({
		type: "record",
		name: "manifest_entry",
		fields: [
			required(0, "status", "int"),
			optional(1, "snapshot_id", "long"),
			optional(3, "sequence_number", "long"),
			optional(4, "file_sequence_number", "long"),
			required(2, "data_file", dataFile(partitioning)),
		],
	}) as Schema;

export const MANIFEST_LIST_SCHEMA = {
	type: "record",
	name: "manifest_file",
	fields: [
		required(500, "manifest_path", "string"),
		required(501, "manifest_length", "long"),
		required(502, "partition_spec_id", "int"),
		required(517, "content", "int"),
		required(515, "sequence_number", "long"),
		required(516, "min_sequence_number", "long"),
		required(503, "added_snapshot_id", "long"),
		required(504, "added_files_count", "int"),
		required(505, "existing_files_count", "int"),
		required(506, "deleted_files_count", "int"),
		required(512, "added_rows_count", "long"),
		required(513, "existing_rows_count", "long"),
		required(514, "deleted_rows_count", "long"),
		optional(507, "partitions", {
			type: "array",
			"element-id": 508,
			items: {
				type: "record",
				name: "r508",
				fields: [
					required(509, "contains_null", "boolean"),
					optional(518, "contains_nan", "boolean"),
					optional(510, "lower_bound", "bytes"),
					optional(511, "upper_bound", "bytes"),
				],
			},
		}),
	],
} as Schema;
