/** A lake of plain Parquet files, for tests: each commit is a file. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type {
	Cell,
	Column,
	DataFile,
	TableReader,
	TableSnapshot,
} from "@fireworks/lake";
import { identifier, literal } from "../../src/relation.ts";

export interface TestRow {
	/** Event time in microseconds since 1970. */
	readonly micros: number;
	readonly key: string | null;
	readonly partition: number;
	readonly offset: number;
	readonly a: number | null;
	readonly b: number | null;
}

const COLUMNS: readonly Column[] = [
	{ name: "a", type: "double", required: false },
	{ name: "b b", type: "long", required: false },
	{ name: "note", type: "string", required: false },
	{ name: "event_time", type: "timestamptz", required: true },
	{ name: "record_key", type: "string", required: false },
	{ name: "kafka_partition", type: "int", required: true },
	{ name: "kafka_offset", type: "long", required: true },
	{ name: "kafka_time", type: "timestamptz", required: false },
];

const SQL_TYPES: Partial<Record<string, string>> = {
	double: "DOUBLE",
	long: "BIGINT",
	int: "INTEGER",
	string: "VARCHAR",
	timestamptz: "TIMESTAMPTZ",
};

export class PlainLake implements TableReader {
	readonly folder = mkdtempSync(join(tmpdir(), "lake-query-"));
	readonly #connection: DuckDBConnection;
	readonly #instance: DuckDBInstance;
	readonly #tables = new Map<string, TableSnapshot>();
	/** The paths of the files that relation() was asked for last. */
	read: readonly string[] = [];
	#files = 0;

	private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
		this.#instance = instance;
		this.#connection = connection;
	}

	static async open(): Promise<PlainLake> {
		const instance = await DuckDBInstance.create(":memory:");
		return new PlainLake(instance, await instance.connect());
	}

	close(): void {
		this.#connection.closeSync();
		this.#instance.closeSync();
		rmSync(this.folder, { recursive: true });
	}

	create(name: string): void {
		this.#tables.set(name, {
			name,
			columns: COLUMNS,
			timeColumn: "event_time",
			snapshotId: undefined,
			committedAt: undefined,
			topicId: "t",
			positions: new Map(),
			rows: 0,
			files: [],
			snapshots: 0,
		});
	}

	async commit(name: string, rows: readonly TestRow[]): Promise<void> {
		if (!this.#tables.has(name)) this.create(name);
		const before = this.#tables.get(name) as TableSnapshot;
		const file = await this.#write(rows);
		const positions = new Map(before.positions);
		for (const { partition, offset } of rows)
			positions.set(
				partition,
				Math.max(positions.get(partition) ?? 0, offset + 1),
			);
		this.#tables.set(name, {
			...before,
			snapshotId: (before.snapshotId ?? 2n ** 62n) + 1n,
			committedAt: 1_700_000_000_000 + this.#files,
			positions,
			rows: before.rows + rows.length,
			files: [...before.files, file],
			snapshots: before.snapshots + 1,
		});
	}

	list = async () => [...this.#tables.keys()].sort();
	snapshot = async (name: string) => this.#tables.get(name);
	relation(snapshot: TableSnapshot, files = snapshot.files): string {
		this.read = files.map(({ path }) => path);
		return `read_parquet([${this.read.map(literal).join(", ")}])`;
	}

	async #write(rows: readonly TestRow[]): Promise<DataFile> {
		const path = join(this.folder, `${this.#files++}.parquet`);
		const values = rows.map(
			({ micros, key, partition, offset, a, b }) =>
				// As a text: DuckDB would read a number as a decimal.
				`(${a === null ? null : `'${a}'`}, ${b}, 'n', make_timestamptz(${micros}), ${key === null ? "NULL" : literal(key)}, ${partition}, ${offset}, NULL)`,
		);
		const casts = COLUMNS.map(
			({ name, type }, i) => `c${i}::${SQL_TYPES[type]} AS ${identifier(name)}`,
		);
		await this.#connection.run(
			`COPY (SELECT ${casts.join(", ")} FROM (VALUES ${values.join(", ")}) t(${COLUMNS.map((_, i) => `c${i}`).join(", ")})) TO ${literal(path)}`,
		);
		const times = rows.map(({ micros }) => Math.floor(micros / 1_000));
		const keys = rows.flatMap(({ key }) => key ?? []).sort(byBytes);
		const bounds = (key: string | undefined) =>
			new Map<string, Cell>(key === undefined ? [] : [["record_key", key]]);
		return {
			path,
			rows: rows.length,
			bytes: 1_000,
			timeMin: Math.min(...times),
			timeMax: Math.max(...times),
			lower: bounds(keys[0]),
			upper: bounds(keys.at(-1)),
		};
	}
}

const byBytes = (a: string, b: string) =>
	Buffer.compare(Buffer.from(a), Buffer.from(b));
