/** Parquet files, which have types of their own. */
import { InputError } from "../errors.ts";
import {
	chunksOf,
	firstRows,
	identifier,
	literal,
	openDuckDb,
} from "./duckdb.ts";
import {
	type ColumnKind,
	SAMPLE_ROWS,
	type SourceFile,
} from "./source-file.ts";

/** How a type of DuckDB is read. sql: from the column, quoted. */
const readAs = (
	type: string,
): { kind: ColumnKind; sql: (column: string) => string } => {
	const same = (column: string) => column;
	if (/^(?:U?TINYINT|U?SMALLINT|U?INTEGER|U?BIGINT)$/.test(type))
		return { kind: "integer", sql: same };
	if (/^(?:FLOAT|DOUBLE|DECIMAL|U?HUGEINT)/.test(type))
		return { kind: "number", sql: (column) => `${column}::DOUBLE` };
	if (type === "BOOLEAN") return { kind: "boolean", sql: same };
	if (type === "TIMESTAMP WITH TIME ZONE")
		return { kind: "instant", sql: (c) => `epoch_ms(${c})::DOUBLE` };
	if (type.startsWith("TIMESTAMP") || type === "DATE")
		return { kind: "local", sql: (c) => `epoch_ms(${c}::TIMESTAMP)::DOUBLE` };
	if (/[[(]|^(?:STRUCT|MAP|UNION)/.test(type) && !type.startsWith("ENUM"))
		return {
			kind: "json-text",
			sql: (column) => `to_json(${column})::VARCHAR`,
		};
	return { kind: "text", sql: (column) => `${column}::VARCHAR` };
};

export async function openParquet(path: string): Promise<SourceFile> {
	const { connection, close } = await openDuckDb();
	const from = `FROM read_parquet(${literal(path)})`;
	try {
		const described = await connection.runAndReadAll(
			`DESCRIBE SELECT * ${from}`,
		);
		const columns = described.getRowObjectsJson().map((row) => ({
			name: String(row.column_name),
			...readAs(String(row.column_type)),
		}));
		const query = `SELECT ${columns.map(({ name, sql }) => sql(identifier(name))).join(", ")} ${from}`;
		return {
			path,
			format: "parquet",
			columns: columns.map(({ name, kind }) => ({ name, kind })),
			dialect: "Parquet",
			sample: () =>
				firstRows(
					chunksOf(connection, `${query} LIMIT ${SAMPLE_ROWS}`, 0),
					columns.length,
					SAMPLE_ROWS,
				),
			rows: (skip) => chunksOf(connection, query, skip),
			leftOut: async () => [],
			lineOf: async () => undefined,
			close: async () => close(),
		};
	} catch (error) {
		close();
		throw new InputError(
			`${path} cannot be read as Parquet: ${(error as Error).message.split("\n")[0]}`,
			{ cause: error },
		);
	}
}
