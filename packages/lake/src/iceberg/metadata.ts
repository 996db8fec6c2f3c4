/** A table's metadata as Iceberg's specification (format version 2) writes it, in JSON. */
import { z } from "zod";
import { UnsupportedTableError } from "../errors.ts";

const field = z.looseObject({
	id: z.number(),
	name: z.string(),
	required: z.boolean(),
	/** A name for a simple type, an object for a nested one. */
	type: z.union([z.string(), z.looseObject({})]),
});
const schema = z.looseObject({
	type: z.literal("struct"),
	"schema-id": z.number(),
	fields: z.array(field),
});
const partitionSpec = z.looseObject({
	"spec-id": z.number(),
	fields: z.array(
		z.looseObject({
			"source-id": z.number(),
			"field-id": z.number(),
			name: z.string(),
			transform: z.string(),
		}),
	),
});
const snapshot = z.looseObject({
	"snapshot-id": z.bigint(),
	"parent-snapshot-id": z.bigint().nullish(),
	"sequence-number": z.bigint(),
	"timestamp-ms": z.number(),
	"manifest-list": z.string(),
	"schema-id": z.number().nullish(),
	summary: z.record(z.string(), z.string()).default({}),
});
const metadata = z.looseObject({
	"format-version": z.literal(2),
	"table-uuid": z.string(),
	location: z.string(),
	"last-sequence-number": z.bigint(),
	"last-updated-ms": z.number(),
	"last-column-id": z.number(),
	schemas: z.array(schema),
	"current-schema-id": z.number(),
	"partition-specs": z.array(partitionSpec),
	"default-spec-id": z.number(),
	properties: z.record(z.string(), z.string()).default({}),
	"current-snapshot-id": z.bigint().nullish(),
	refs: z
		.record(z.string(), z.looseObject({ "snapshot-id": z.bigint() }))
		.default({}),
	snapshots: z.array(snapshot).default([]),
	"snapshot-log": z
		.array(
			z.looseObject({ "snapshot-id": z.bigint(), "timestamp-ms": z.number() }),
		)
		.default([]),
	"metadata-log": z
		.array(
			z.looseObject({
				"timestamp-ms": z.number(),
				"metadata-file": z.string(),
			}),
		)
		.default([]),
});

export type SchemaField = z.infer<typeof field>;
export type TableSchema = z.infer<typeof schema>;
export type PartitionSpec = z.infer<typeof partitionSpec>;
export type Snapshot = z.infer<typeof snapshot>;
export type TableMetadata = z.infer<typeof metadata>;

/** value: of parseJson. from: where it was read, for the error. */
export function parseMetadata(value: unknown, from: string): TableMetadata {
	const { success, data, error } = metadata.safeParse(value);
	if (success) return data;
	throw new UnsupportedTableError(
		`${from} is not the metadata of an Iceberg table of format version 2: ${z.prettifyError(error)}`,
	);
}

/** undefined: nothing was committed yet. */
export function currentSnapshot(table: TableMetadata): Snapshot | undefined {
	const id = table.refs.main?.["snapshot-id"] ?? table["current-snapshot-id"];
	return table.snapshots.find((each) => each["snapshot-id"] === id);
}

export const currentSchema = (table: TableMetadata): TableSchema =>
	found(
		table,
		table.schemas.find(
			(each) => each["schema-id"] === table["current-schema-id"],
		),
	);

export const defaultSpec = (table: TableMetadata): PartitionSpec =>
	found(
		table,
		table["partition-specs"].find(
			(each) => each["spec-id"] === table["default-spec-id"],
		),
	);

function found<T>(table: TableMetadata, value: T | undefined): T {
	if (value === undefined)
		throw new UnsupportedTableError(
			`the metadata of the table at ${table.location} names a schema or a partition spec that it does not have`,
		);
	return value;
}
