/** DuckDB of the histories. It runs only our own SQL. */
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { RequestRefused } from "../http/request-refused.ts";
import { HISTORY_MEMORY, HISTORY_MS, HISTORY_THREADS } from "../limits.ts";
import type { Row } from "./series.ts";

export interface Connection {
	rows(sql: string): Promise<Row[]>;
}

export class Database {
	readonly #instance: DuckDBInstance;

	private constructor(instance: DuckDBInstance) {
		this.#instance = instance;
	}

	static async open(): Promise<Database> {
		return new Database(
			await DuckDBInstance.create(":memory:", {
				threads: HISTORY_THREADS,
				memory_limit: HISTORY_MEMORY,
				// What does not fit into memory is an error, not a file somewhere.
				temp_directory: "",
				autoinstall_known_extensions: "false",
			}),
		);
	}

	/**
	 * Gives a connection of its own to the work. Interrupts its statements after HISTORY_MS, then
	 * throws RequestRefused, and when the signal is aborted, then throws its reason.
	 */
	async use<T>(
		signal: AbortSignal,
		work: (connection: Connection) => Promise<T>,
	): Promise<T> {
		signal.throwIfAborted();
		const connection = await this.#instance.connect();
		const late = AbortSignal.timeout(HISTORY_MS);
		const either = AbortSignal.any([signal, late]);
		const interrupt = () => connection.interrupt();
		either.addEventListener("abort", interrupt, { once: true });
		try {
			await connection.run("SET TimeZone = 'UTC'");
			return await work({ rows: (sql) => rowsOf(connection, sql, either) });
		} catch (error) {
			signal.throwIfAborted();
			if (late.aborted)
				throw new RequestRefused(
					"too-slow",
					`it took more than ${HISTORY_MS / 1_000} s: ask for less time or fewer keys`,
				);
			if (error instanceof Error && /^Out of Memory/.test(error.message))
				throw new RequestRefused(
					"too-much-memory",
					`it needs more than ${HISTORY_MEMORY}: ask for less time or fewer keys`,
				);
			throw error;
		} finally {
			either.removeEventListener("abort", interrupt);
			connection.closeSync();
		}
	}

	close(): void {
		this.#instance.closeSync();
	}
}

async function rowsOf(
	connection: DuckDBConnection,
	sql: string,
	signal: AbortSignal,
): Promise<Row[]> {
	signal.throwIfAborted();
	const result = await connection.run(sql);
	return (await result.getRowsJS()) as Row[];
}
