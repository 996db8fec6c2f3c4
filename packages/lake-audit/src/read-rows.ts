/**
 * Reads a table's rows with DuckDB, which is another reader than the writer: it reads the Parquet
 * files of one snapshot. A partition is read in windows of offsets, so that a large table needs no
 * more memory than a small one.
 */
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { DataFile, TableReader, TableSnapshot } from "@fireworks/lake";
import { OWN, type TableRow, type Value } from "./table-row.ts";

/** Offsets of one query. */
const WINDOW_OFFSETS = 50_000;
const OPTIONS = { threads: "2", memory_limit: "512MB" };

export interface OffsetBounds {
	readonly low: number;
	readonly high: number;
}

export class RowReader {
	readonly #reader: TableReader;
	readonly #instance: DuckDBInstance;
	readonly #connection: DuckDBConnection;

	private constructor(
		reader: TableReader,
		instance: DuckDBInstance,
		connection: DuckDBConnection,
	) {
		this.#reader = reader;
		this.#instance = instance;
		this.#connection = connection;
	}

	static async open(reader: TableReader): Promise<RowReader> {
		const instance = await DuckDBInstance.create(":memory:", OPTIONS);
		return new RowReader(reader, instance, await instance.connect());
	}

	/** By partition, the lowest offset of a row, and the one after the highest. */
	async bounds(
		snapshot: TableSnapshot,
	): Promise<ReadonlyMap<number, OffsetBounds>> {
		if (snapshot.files.length === 0) return new Map();
		const { partition, offset } = OWN;
		const rows = await this.#query(
			`SELECT ${partition}, min(${offset}), max(${offset}) FROM ${this.#reader.relation(snapshot)} GROUP BY ALL`,
		);
		return new Map(
			rows.map(([p, low, high]) => [
				Number(p),
				{ low: Number(low), high: Number(high) + 1 },
			]),
		);
	}

	/** The rows of a partition from `low` to before `high`, in the order of their offsets. */
	async *rows(
		snapshot: TableSnapshot,
		partition: number,
		{ low, high }: OffsetBounds,
	): AsyncGenerator<readonly TableRow[]> {
		const columns = snapshot.columns.filter(
			({ name }) => name !== OWN.partition && name !== OWN.offset,
		);
		const selected = columns.map(({ name, type }) =>
			type === "timestamptz" ? `epoch_us(${quoted(name)})` : quoted(name),
		);
		for (let from = low; from < high; from += WINDOW_OFFSETS) {
			const end = Math.min(from + WINDOW_OFFSETS, high);
			const files = snapshot.files.filter(overlaps(from, end));
			if (files.length === 0) continue;
			const found = await this.#query(
				`SELECT ${[OWN.offset, ...selected].join(", ")} FROM ${this.#reader.relation(snapshot, files)} WHERE ${OWN.partition} = ${partition} AND ${OWN.offset} >= ${from} AND ${OWN.offset} < ${end} ORDER BY ${OWN.offset}`,
			);
			if (found.length > 0)
				yield found.map(([offset, ...values]) => ({
					offset: Number(offset),
					values: new Map(
						columns.map(({ name }, i) => [name, numeric(values[i])]),
					),
				}));
		}
	}

	/** Text columns of the rows that fit the condition. */
	async texts(
		snapshot: TableSnapshot,
		columns: readonly string[],
		condition: string,
		limit: number,
	): Promise<unknown[][]> {
		if (snapshot.files.length === 0) return [];
		return this.#query(
			`SELECT ${columns.join(", ")} FROM ${this.#reader.relation(snapshot)} WHERE ${condition} LIMIT ${limit}`,
		);
	}

	async #query(sql: string): Promise<unknown[][]> {
		return (await this.#connection.runAndReadAll(sql)).getRows();
	}

	close(): void {
		this.#connection.closeSync();
		this.#instance.closeSync();
	}
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const literal = (text: string): string =>
	`'${text.replaceAll("'", "''")}'`;

/** Whether a file may have offsets of the window. Without bounds it may have any. */
const overlaps =
	(from: number, end: number) =>
	({ lower, upper }: DataFile): boolean => {
		const [low, high] = [lower.get(OWN.offset), upper.get(OWN.offset)];
		return (
			(low == null || Number(low) < end) &&
			(high == null || Number(high) >= from)
		);
	};

/** 64-bit integers as numbers: those of the example are exact as such. */
const numeric = (value: unknown): Value =>
	typeof value === "bigint" ? Number(value) : (value as Value);
