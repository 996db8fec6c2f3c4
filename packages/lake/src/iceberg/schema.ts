/** The lake's columns as Iceberg's schema, and what a schema may become. */
import { SchemaError, UnsupportedTableError } from "../errors.ts";
import { COLUMN_TYPES, type Column, type ColumnType } from "../ports.ts";
import type { SchemaField, TableSchema } from "./metadata.ts";

/** A column as the table has it: its id never changes, its name may. */
export interface TableColumn extends Column {
	readonly id: number;
}

const isColumnType = (type: unknown): type is ColumnType =>
	COLUMN_TYPES.includes(type as ColumnType);

export const columnsOf = (schema: TableSchema): readonly TableColumn[] =>
	schema.fields.map(({ id, name, required, type }) => {
		if (isColumnType(type)) return { id, name, required, type };
		throw new UnsupportedTableError(
			`column ${name} has the type ${JSON.stringify(type)}, which Fireworks does not read. Types it reads: ${COLUMN_TYPES.join(", ")}`,
		);
	});

const fieldOf = (
	id: number,
	{ name, type, required }: Column,
): SchemaField => ({
	id,
	name,
	required,
	type,
});

/** The schema of a table that begins with these columns. */
export const newSchema = (columns: readonly Column[]): TableSchema => ({
	type: "struct",
	"schema-id": 0,
	fields: columns.map((column, index) => fieldOf(index + 1, column)),
});

const WIDER: Partial<Record<ColumnType, ColumnType>> = {
	int: "long",
	float: "double",
};

/**
 * The schema that also takes rows of these columns; undefined: the table's own does. A column that
 * is no longer named stays, and becomes optional. A new one is optional, as the rows before it have
 * no value. A column that is optional in the table remains so.
 */
export function evolved(
	table: string,
	schema: TableSchema,
	wanted: readonly Column[],
	lastColumnId: number,
): { schema: TableSchema; lastColumnId: number } | undefined {
	const problems: string[] = [];
	const byName = new Map(wanted.map((column) => [column.name, column]));
	let changed = false;
	const kept = columnsOf(schema).map((column) => {
		const now = byName.get(column.name);
		byName.delete(column.name);
		const required = column.required && now?.required === true;
		let { type } = column;
		if (now !== undefined && now.type !== type && WIDER[now.type] !== type) {
			if (WIDER[type] !== now.type)
				problems.push(
					`column ${column.name} is ${type} and cannot become ${now.type}`,
				);
			type = now.type;
		}
		changed ||= required !== column.required || type !== column.type;
		return fieldOf(column.id, { name: column.name, type, required });
	});
	if (problems.length > 0) throw new SchemaError(table, problems);
	let last = lastColumnId;
	const added = [...byName.values()].map((column) => {
		last += 1;
		return fieldOf(last, { ...column, required: false });
	});
	if (!changed && added.length === 0) return undefined;
	return {
		// The catalog gives the id.
		schema: { type: "struct", "schema-id": -1, fields: [...kept, ...added] },
		lastColumnId: last,
	};
}
