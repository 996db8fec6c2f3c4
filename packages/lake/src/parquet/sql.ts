/** How DuckDB's SQL names things. */
import type { TableColumn } from "../iceberg/schema.ts";
import type { ColumnType } from "../ports.ts";

const SQL_TYPE: Record<ColumnType, string> = {
	boolean: "BOOLEAN",
	int: "INTEGER",
	long: "BIGINT",
	float: "FLOAT",
	double: "DOUBLE",
	string: "VARCHAR",
	timestamptz: "TIMESTAMPTZ",
};

export const identifier = (name: string): string =>
	`"${name.replaceAll('"', '""')}"`;

export const literal = (text: string): string =>
	`'${text.replaceAll("'", "''")}'`;

/** DuckDB takes a path for a pattern, in which these characters stand for others. */
const escaped = (path: string) => path.replaceAll(/[*?[]/g, "[$&]");

/**
 * The rows of Parquet files with these columns, which are found by their field ids: they may have
 * another name, a narrower type, or be absent in a file that is older.
 */
export const parquetRelation = (
	columns: readonly TableColumn[],
	paths: readonly string[],
): string => {
	if (paths.length === 0) return noRows(columns);
	const files = paths.map((path) => literal(escaped(path))).join(", ");
	const schema = columns.map(
		({ id, name, type }) =>
			`${id}: {name: ${literal(name)}, type: '${SQL_TYPE[type]}', default_value: NULL}`,
	);
	return `read_parquet([${files}], schema = MAP {${schema.join(", ")}})`;
};

const noRows = (columns: readonly TableColumn[]) =>
	`(SELECT ${columns
		.map(({ name, type }) => `NULL::${SQL_TYPE[type]} AS ${identifier(name)}`)
		.join(", ")} WHERE false)`;
