/** Writes Parquet files with DuckDB's core, from rows of JavaScript or from other Parquet files. */
import { randomUUID } from "node:crypto";
import {
	type DuckDBConnection,
	DuckDBDataChunk,
	DuckDBInstance,
} from "@duckdb/node-api";
import { RowsError } from "../errors.ts";
import type { TableColumn } from "../iceberg/schema.ts";
import type { Rows } from "../ports.ts";
import { pathOf, syncFile } from "../storage/files.ts";
import { BUFFER_TYPE, bufferValues, fromBuffer } from "./buffer-types.ts";
import { identifier, literal, parquetRelation } from "./sql.ts";
import {
	type CopyStatistics,
	type FileStatistics,
	fileStatistics,
} from "./statistics.ts";

/** DuckDB's vectors have this many rows at most. */
const CHUNK_ROWS = 2048;

/** One thread: a commit is small, and a table has one writer. */
const CONFIGURATION = {
	threads: "1",
	memory_limit: "512MB",
	// Files are sorted where the order matters.
	preserve_insertion_order: "false",
	// Files that are merged are read once.
	enable_external_file_cache: "false",
	autoinstall_known_extensions: "false",
	autoload_known_extensions: "false",
};

export interface ParquetFile {
	readonly uri: string;
	readonly statistics: FileStatistics;
}

/**
 * Each COPY leaves some 70 kB in DuckDB's instance, which only its end gives back. So after this
 * many there is a new instance, which takes some milliseconds.
 */
const COPIES_PER_INSTANCE = 100;

interface Database {
	readonly instance: DuckDBInstance;
	readonly connection: DuckDBConnection;
}

export class ParquetWriter {
	#database: Database;
	#copies = 0;

	private constructor(database: Database) {
		this.#database = database;
	}

	static async open(): Promise<ParquetWriter> {
		return new ParquetWriter(await openDatabase());
	}

	/**
	 * Writes the rows into one file for each group. groups: for each row the number of its group.
	 * Returns the files in the order of the groups. folder: as a URI.
	 */
	async writeRows(
		folder: string,
		columns: readonly TableColumn[],
		rows: Rows,
		groups: Int32Array,
		groupCount: number,
	): Promise<ParquetFile[]> {
		await this.#renew();
		const buffer = `rows_${randomUUID().replaceAll("-", "")}`;
		const definitions = columns.map(
			({ type }, index) => `c${index} ${BUFFER_TYPE[type].toString()}`,
		);
		await this.#database.connection.run(
			`CREATE TEMP TABLE ${buffer} (${[...definitions, "file INTEGER"].join(", ")})`,
		);
		try {
			await this.#fill(buffer, columns, rows, groups);
			const selected = columns.map(
				({ name, type }, index) =>
					`${fromBuffer(type, `c${index}`)} AS ${identifier(name)}`,
			);
			const files: ParquetFile[] = [];
			for (let group = 0; group < groupCount; group += 1)
				files.push(
					await this.#copy(
						folder,
						columns,
						`SELECT ${selected.join(", ")} FROM ${buffer} WHERE file = ${group}`,
					),
				);
			return files;
		} finally {
			await this.#database.connection.run(`DROP TABLE ${buffer}`);
		}
	}

	/** Writes all rows of these files into one, sorted by a column. */
	async merge(
		folder: string,
		columns: readonly TableColumn[],
		sources: readonly string[],
		sortedBy: string,
	): Promise<ParquetFile> {
		await this.#renew();
		const names = columns.map(({ name }) => identifier(name)).join(", ");
		const relation = parquetRelation(columns, sources.map(pathOf));
		return this.#copy(
			folder,
			columns,
			`SELECT ${names} FROM ${relation} ORDER BY ${identifier(sortedBy)}`,
		);
	}

	close(): void {
		this.#database.connection.closeSync();
		this.#database.instance.closeSync();
	}

	async #renew(): Promise<void> {
		if (this.#copies < COPIES_PER_INSTANCE) return;
		this.#copies = 0;
		this.close();
		this.#database = await openDatabase();
	}

	async #fill(
		buffer: string,
		columns: readonly TableColumn[],
		rows: Rows,
		groups: Int32Array,
	): Promise<void> {
		const types = [
			...columns.map(({ type }) => BUFFER_TYPE[type]),
			BUFFER_TYPE.int,
		];
		const appender = await this.#database.connection.createAppender(buffer);
		try {
			for (let start = 0; start < rows.count; start += CHUNK_ROWS) {
				const end = Math.min(start + CHUNK_ROWS, rows.count);
				const chunk = DuckDBDataChunk.create(types, end - start);
				for (const [index, column] of columns.entries())
					chunk.setColumnValues(
						index,
						bufferValues(column, rows.columns[index] ?? [], start, end),
					);
				chunk.setColumnValues(columns.length, [...groups.subarray(start, end)]);
				appender.appendDataChunk(chunk);
			}
		} finally {
			appender.closeSync();
		}
	}

	async #copy(
		folder: string,
		columns: readonly TableColumn[],
		select: string,
	): Promise<ParquetFile> {
		this.#copies += 1;
		const uri = `${folder}/${randomUUID()}.parquet`;
		const path = pathOf(uri);
		const ids = columns.map(({ id, name }) => `${identifier(name)}: ${id}`);
		const result = await this.#database.connection.runAndReadAll(
			`COPY (${select}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd, FIELD_IDS {${ids.join(", ")}}, RETURN_STATS)`,
		);
		await syncFile(path);
		const [row] = result.getRowObjectsJson();
		const statistics = fileStatistics(
			row as unknown as CopyStatistics,
			columns,
		);
		refuseMissing(columns, statistics);
		return { uri, statistics };
	}
}

async function openDatabase(): Promise<Database> {
	const instance = await DuckDBInstance.create(":memory:", CONFIGURATION);
	const connection = await instance.connect();
	// The statistics of times are read as UTC.
	await connection.run("SET TimeZone = 'UTC'");
	return { instance, connection };
}

function refuseMissing(
	columns: readonly TableColumn[],
	{ null_value_counts: counts }: FileStatistics,
): void {
	for (const { id, name, required } of columns) {
		const nulls = counts?.find(({ key }) => key === id)?.value ?? 0n;
		if (required && nulls > 0n)
			throw new RowsError(
				`the required column ${name} has no value in ${nulls} rows`,
			);
	}
}
