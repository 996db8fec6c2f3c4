/** DuckDB, which reads CSV and Parquet. */
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { RowChunk } from "./source-file.ts";

/** One thread: rows come in the file's order, and the broker gets the other core. */
const OPTIONS = { threads: "1", memory_limit: "512MB" };

export async function openDuckDb(): Promise<{
	connection: DuckDBConnection;
	close(): void;
}> {
	const instance = await DuckDBInstance.create(":memory:", OPTIONS);
	const connection = await instance.connect();
	return {
		connection,
		close: () => {
			connection.closeSync();
			instance.closeSync();
		},
	};
}

export const literal = (text: string): string =>
	`'${text.replaceAll("'", "''")}'`;
export const identifier = (text: string): string =>
	`"${text.replaceAll('"', '""')}"`;

/** Streams the query's rows, without the first `skip`. */
export async function* chunksOf(
	connection: DuckDBConnection,
	sql: string,
	skip: number,
): AsyncGenerator<RowChunk> {
	const result = await connection.stream(sql);
	let toSkip = skip;
	for await (const chunk of result) {
		const { rowCount, columnCount } = chunk;
		if (toSkip >= rowCount) {
			toSkip -= rowCount;
			continue;
		}
		const values: unknown[][] = [];
		for (let i = 0; i < columnCount; i++) {
			const column = chunk.getColumnValues(i) as unknown[];
			values.push(toSkip > 0 ? column.slice(toSkip) : column);
		}
		yield { count: rowCount - toSkip, values };
		toSkip = 0;
	}
}

/** The first chunks as one. */
export async function firstRows(
	chunks: AsyncGenerator<RowChunk>,
	columns: number,
	max: number,
): Promise<RowChunk> {
	const values: unknown[][] = Array.from({ length: columns }, () => []);
	let count = 0;
	for await (const chunk of chunks) {
		for (const [i, column] of chunk.values.entries())
			for (const value of column) values[i]?.push(value);
		count += chunk.count;
		if (count >= max) break;
	}
	return { count, values };
}
