/** How rows are divided into files: by the hour or the day of their event time. */
import { UnsupportedTableError } from "../errors.ts";
import type { TableDefinition } from "../ports.ts";
import {
	currentSchema,
	defaultSpec,
	type PartitionSpec,
	type TableMetadata,
} from "./metadata.ts";
import { columnsOf, type TableColumn } from "./schema.ts";

const MICROS = { hour: 3_600_000_000, day: 86_400_000_000 };

/** Iceberg gives the fields of partitions ids from here on. */
const FIRST_PARTITION_FIELD_ID = 1000;

/** Hours or days since 1970, negative before. null: the row has no event time. */
export type PartitionValue = number | null;

export interface Partitioning {
	readonly spec: PartitionSpec;
	/** The name of the partition's field in a manifest. */
	readonly field: string;
	readonly column: TableColumn;
	readonly per: "hour" | "day";
}

export const newSpec = (
	{ column, per }: TableDefinition["partitionBy"],
	columns: readonly TableColumn[],
): PartitionSpec => ({
	"spec-id": 0,
	fields: [
		{
			"source-id": columns.find(({ name }) => name === column)?.id ?? 0,
			"field-id": FIRST_PARTITION_FIELD_ID,
			name: `${column}_${per}`,
			transform: per,
		},
	],
});

export function partitioningOf(table: TableMetadata): Partitioning {
	const spec = defaultSpec(table);
	const [field, another] = spec.fields;
	const column = columnsOf(currentSchema(table)).find(
		({ id }) => id === field?.["source-id"],
	);
	const per = field?.transform;
	if (
		field === undefined ||
		another !== undefined ||
		column?.type !== "timestamptz" ||
		(per !== "hour" && per !== "day")
	)
		throw new UnsupportedTableError(
			`the table at ${table.location} is not partitioned by the hour or the day of a timestamptz column: it was made, or changed, by another program`,
		);
	return { spec, field: field.name.replaceAll(/\W/g, "_"), column, per };
}

/** micros: since 1970. */
export const partitionOf = (
	per: "hour" | "day",
	micros: number | bigint,
): number => Math.floor(Number(micros) / MICROS[per]);
