/** Plain SQL (DuckDB) as a second opinion on the operators. */
import { DuckDBInstance } from "@duckdb/node-api";

export interface Sql {
	/** Replaces the table by these rows. */
	load(
		table: string,
		columns: Readonly<Record<string, "BIGINT" | "VARCHAR">>,
		rows: readonly (readonly (number | string | null)[])[],
	): Promise<void>;
	/** Rows as arrays; integers as numbers. */
	rows(query: string): Promise<unknown[][]>;
	close(): void;
}

export async function openSql(): Promise<Sql> {
	const instance = await DuckDBInstance.create(":memory:");
	const connection = await instance.connect();
	return {
		async load(table, columns, rows) {
			const types = Object.entries(columns).map((column) => column.join(" "));
			await connection.run(
				`create or replace table ${table} (${types.join(", ")})`,
			);
			if (rows.length === 0) return;
			const literal = (value: number | string | null) =>
				typeof value === "string" ? `'${value}'` : String(value);
			const values = rows.map((row) => `(${row.map(literal).join(", ")})`);
			await connection.run(`insert into ${table} values ${values.join(", ")}`);
		},
		async rows(query) {
			const reader = await connection.runAndReadAll(query);
			return reader
				.getRows()
				.map((row) =>
					row.map((cell) => (typeof cell === "bigint" ? Number(cell) : cell)),
				);
		},
		close() {
			connection.closeSync();
			instance.closeSync();
		},
	};
}
