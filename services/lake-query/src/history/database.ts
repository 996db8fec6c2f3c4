/** DuckDB of the histories. It runs only our own SQL. */
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { RequestRefused } from "../http/request-refused.ts";
import {
	HISTORIES_RENEWED,
	HISTORY_MEMORY,
	HISTORY_MS,
	HISTORY_THREADS,
} from "../limits.ts";
import type { Row } from "./series.ts";

const OPTIONS = {
	threads: HISTORY_THREADS,
	memory_limit: HISTORY_MEMORY,
	// What does not fit into memory is an error, not a file somewhere.
	temp_directory: "",
	autoinstall_known_extensions: "false",
};

export interface Connection {
	rows(sql: string): Promise<Row[]>;
}

/** An instance of DuckDB, and how many use it and have used it. */
interface Shared {
	readonly opened: Promise<DuckDBInstance>;
	running: number;
	uses: number;
}

const openShared = (): Shared => ({
	opened: DuckDBInstance.create(":memory:", OPTIONS),
	running: 0,
	uses: 0,
});

export class Database {
	#shared = openShared();

	/**
	 * Gives a connection of its own to the work. Interrupts its statements after HISTORY_MS, then
	 * throws RequestRefused, and when the signal is aborted, then throws its reason.
	 */
	async use<T>(
		signal: AbortSignal,
		work: (connection: Connection) => Promise<T>,
	): Promise<T> {
		signal.throwIfAborted();
		const shared = this.#take();
		try {
			return await useOnce(await shared.opened, signal, work);
		} finally {
			shared.running--;
			if (shared !== this.#shared) closeUnused(shared);
		}
	}

	/** Nothing may be in use. */
	close(): void {
		closeUnused(this.#shared);
	}

	/** An instance's memory grows slowly with its uses, and is free only when it is closed. */
	#take(): Shared {
		if (this.#shared.uses >= HISTORIES_RENEWED) {
			const old = this.#shared;
			this.#shared = openShared();
			closeUnused(old);
		}
		this.#shared.running++;
		this.#shared.uses++;
		return this.#shared;
	}
}

function closeUnused({ opened, running }: Shared): void {
	if (running > 0) return;
	opened.then(
		(instance) => instance.closeSync(),
		// Those that wanted to use it have the error.
		() => {},
	);
}

async function useOnce<T>(
	instance: DuckDBInstance,
	signal: AbortSignal,
	work: (connection: Connection) => Promise<T>,
): Promise<T> {
	const connection = await instance.connect();
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

async function rowsOf(
	connection: DuckDBConnection,
	sql: string,
	signal: AbortSignal,
): Promise<Row[]> {
	signal.throwIfAborted();
	const result = await connection.run(sql);
	return (await result.getRowsJS()) as Row[];
}
