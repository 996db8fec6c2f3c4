/**
 * The columns of a stream's table. Each top-level field of the schema is one column. What a column
 * type cannot hold, such as an object or an array, becomes text that holds JSON.
 */
import type { Column, ColumnType } from "@fireworks/lake";
import {
	type CatalogEntry,
	type JsonSchema,
	typesOf,
} from "@fireworks/pipeline";
import { COLUMNS_MAX } from "../limits.ts";

/** json: text that holds the JSON of the value, also of a plain text. */
export type FieldKind = "boolean" | "long" | "double" | "string" | "json";

export interface FieldColumn {
	readonly field: string;
	readonly column: Column;
	readonly kind: FieldKind;
}

const own = (name: string, type: ColumnType, required: boolean): Column => ({
	name,
	type,
	required,
});

/** Ours, in every table of a stream: when it happened, and which record of Kafka it was. */
export const EVENT_TIME = own("event_time", "timestamptz", true);
export const RECORD_KEY = own("record_key", "string", false);
export const KAFKA_PARTITION = own("kafka_partition", "int", true);
export const KAFKA_OFFSET = own("kafka_offset", "long", true);
export const KAFKA_TIME = own("kafka_time", "timestamptz", false);
export const OWN_COLUMNS: readonly Column[] = [
	EVENT_TIME,
	RECORD_KEY,
	KAFKA_PARTITION,
	KAFKA_OFFSET,
	KAFKA_TIME,
];

/** Names that Spark reserves for its own columns: it refuses to compact a table that uses them. */
const RESERVED = [
	"_change_ordinal",
	"_change_type",
	"_commit_snapshot_id",
	"_deleted",
	"_file",
	"_last_updated_sequence_number",
	"_partition",
	"_pos",
	"_row_id",
	"_spec_id",
];

const TAKEN = new Set([
	...OWN_COLUMNS.map(({ name }) => name),
	...RESERVED,
	"",
]);

/** The fields of a stream cannot become columns: its definition has to change. */
export class ColumnsError extends Error {
	override readonly name = "ColumnsError";
}

/** The fields' columns, in the order of the schema. Throws ColumnsError. */
export function fieldColumns({
	name,
	schema,
}: Pick<CatalogEntry, "name" | "schema">): FieldColumn[] {
	const fields = fieldsOf(schema);
	const columns = [...fields].map(([field, at]) => fieldColumn(field, at));
	const seen = new Map<string, string>();
	for (const { field, column } of columns) {
		// Readers of the lake do not distinguish upper and lower case in names.
		const folded = column.name.toLowerCase();
		const other = seen.get(folded);
		if (other !== undefined)
			throw new ColumnsError(
				`the fields ${JSON.stringify(other)} and ${JSON.stringify(field)} of the stream ${name} would be the same column ${folded}: rename one of them`,
			);
		seen.set(folded, field);
	}
	if (columns.length > COLUMNS_MAX)
		throw new ColumnsError(
			`the stream ${name} has ${columns.length} top-level fields, and a table at most ${COLUMNS_MAX}: put some of them into an object`,
		);
	return columns;
}

interface SchemaField {
	readonly schemas: readonly JsonSchema[];
	readonly required: boolean;
}

/** The fields of a record; of a schema with alternatives, those of all of them. */
function fieldsOf(schema: JsonSchema): Map<string, SchemaField> {
	const objects = alternativesOf(schema);
	const names = new Set(
		objects.flatMap(({ properties }) => Object.keys(properties ?? {})),
	);
	return new Map(
		[...names].map((name) => {
			const schemas = objects.flatMap(({ properties }): JsonSchema[] =>
				properties !== undefined && Object.hasOwn(properties, name)
					? [properties[name] as JsonSchema]
					: [],
			);
			return [
				name,
				{
					schemas,
					required: objects.every(({ required }) => required?.includes(name)),
				},
			];
		}),
	);
}

const alternativesOf = (schema: JsonSchema): JsonSchema[] =>
	(schema.anyOf ?? schema.oneOf)?.flatMap(alternativesOf) ?? [schema];

function fieldColumn(
	field: string,
	{ schemas, required }: SchemaField,
): FieldColumn {
	const types = new Set(schemas.flatMap((one) => [...typesOf(one)]));
	const nullable = types.delete("null") || types.has("any");
	const kind = kindOf(types);
	const isTaken = TAKEN.has(field.toLowerCase());
	return {
		field,
		kind,
		column: {
			name: isTaken ? `${field}_` : field,
			type: kind === "json" ? "string" : kind,
			required: required && !nullable,
		},
	};
}

function kindOf(types: ReadonlySet<string>): FieldKind {
	const [type] = types;
	if (types.size === 1 && type !== undefined)
		switch (type) {
			case "boolean":
			case "string":
				return type;
			case "integer":
				return "long";
			case "number":
				return "double";
		}
	const isNumber =
		types.size === 2 && types.has("number") && types.has("integer");
	return isNumber ? "double" : "json";
}

/**
 * What the columns of a table that exists have to become. A column is never removed: the rows that
 * are there keep it. New columns are optional, as those rows have no value for them.
 */
export function evolved(
	existing: readonly Column[],
	wanted: readonly Column[],
): Column[] {
	const byName = new Map(wanted.map((column) => [column.name, column]));
	const kept = existing.map((column) => {
		const now = byName.get(column.name);
		byName.delete(column.name);
		return {
			name: column.name,
			type: now?.type ?? column.type,
			required: column.required && now?.required === true,
		};
	});
	const added = [...byName.values()].map((one) => ({
		...one,
		required: false,
	}));
	return [...kept, ...added];
}
