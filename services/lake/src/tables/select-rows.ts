/** Runs one query over the lake. */
import { DuckDBInstance, type DuckDBValue } from "@duckdb/node-api";

/** Nothing is installed or loaded from outside, and one query is no reason to use every core. */
const CONFIG = {
	threads: "1",
	memory_limit: "256MB",
	autoinstall_known_extensions: "false",
	autoload_known_extensions: "false",
} as const;

export async function selectRows(
	sql: string,
	values: Readonly<Record<string, string>>,
): Promise<DuckDBValue[][]> {
	const instance = await DuckDBInstance.create(":memory:", CONFIG);
	try {
		const connection = await instance.connect();
		try {
			return await (await connection.runAndReadAll(sql, values)).getRows();
		} finally {
			connection.closeSync();
		}
	} finally {
		instance.closeSync();
	}
}
