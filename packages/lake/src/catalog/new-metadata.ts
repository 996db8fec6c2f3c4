/** The metadata of a table without rows. */
import type {
	PartitionSpec,
	TableMetadata,
	TableSchema,
} from "../iceberg/metadata.ts";

const NO_SNAPSHOT = -1n;

export const newMetadata = (
	location: string,
	uuid: string,
	table: {
		schema: TableSchema;
		spec: PartitionSpec;
		properties: Readonly<Record<string, string>>;
	},
): TableMetadata => ({
	"format-version": 2,
	"table-uuid": uuid,
	location,
	"last-sequence-number": 0n,
	"last-updated-ms": Date.now(),
	"last-column-id": Math.max(0, ...table.schema.fields.map(({ id }) => id)),
	schemas: [table.schema],
	"current-schema-id": table.schema["schema-id"],
	"partition-specs": [table.spec],
	"default-spec-id": table.spec["spec-id"],
	"last-partition-id": Math.max(
		999,
		...table.spec.fields.map((field) => field["field-id"]),
	),
	"sort-orders": [{ "order-id": 0, fields: [] }],
	"default-sort-order-id": 0,
	properties: { ...table.properties },
	"current-snapshot-id": NO_SNAPSHOT,
	refs: {},
	snapshots: [],
	"snapshot-log": [],
	"metadata-log": [],
});
