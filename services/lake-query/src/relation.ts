/** SQL of a table's rows, and of names and texts in it. */
import type {
	ColumnType,
	DataFile,
	TableReader,
	TableSnapshot,
} from "@fireworks/lake";

const TYPES: Readonly<Record<ColumnType, string>> = {
	boolean: "BOOLEAN",
	int: "INTEGER",
	long: "BIGINT",
	float: "FLOAT",
	double: "DOUBLE",
	string: "VARCHAR",
	timestamptz: "TIMESTAMPTZ",
};

export const literal = (text: string): string =>
	`'${text.replaceAll("'", "''")}'`;
export const identifier = (text: string): string =>
	`"${text.replaceAll('"', '""')}"`;

/** What can be selected from: the rows of these files, or no rows with the table's columns. */
export function relationOf(
	reader: TableReader,
	snapshot: TableSnapshot,
	files: readonly DataFile[] = snapshot.files,
): string {
	if (files.length > 0) return reader.relation(snapshot, files);
	const columns = snapshot.columns.map(
		({ name, type }) => `NULL::${TYPES[type]} AS ${identifier(name)}`,
	);
	return `(SELECT ${columns.join(", ")} WHERE false)`;
}
