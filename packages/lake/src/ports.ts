/**
 * The lake as its writer and its readers see it: Iceberg tables (format version 2), each with the
 * Kafka positions that its rows stand for.
 */

import type { MaintenanceSettings } from "./maintain/settings.ts";

export const COLUMN_TYPES = [
	"boolean",
	"int",
	"long",
	"float",
	"double",
	"string",
	"timestamptz",
] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

export interface Column {
	readonly name: string;
	readonly type: ColumnType;
	readonly required: boolean;
}

/** A value of a column. timestamptz: microseconds since 1970. null: no value. */
export type Cell = boolean | number | bigint | string | null;

/** Rows as columns: one array for each column of the table, in their order, all equally long. */
export interface Rows {
	readonly count: number;
	readonly columns: readonly (readonly Cell[])[];
}

/** For each partition the offset after the last one that the table stands for. */
export type Positions = ReadonlyMap<number, number>;

export interface TableDefinition {
	/** That of the stream. */
	readonly name: string;
	readonly columns: readonly Column[];
	/** The column of event time, of type timestamptz, by which rows are partitioned. */
	readonly partitionBy: {
		readonly column: string;
		readonly per: "hour" | "day";
	};
	/**
	 * Kafka's id of the topic. A topic that was made again has another one, and gets another
	 * generation of the table, whose positions start again; the rows of the old one stay readable
	 * under its own name.
	 */
	readonly topicId: string;
}

/** A table that this process owns. Its methods must not overlap. */
export interface OwnedTable {
	readonly name: string;
	readonly columns: readonly Column[];
	/** Those of the newest commit that is known: where reading Kafka goes on. */
	readonly positions: Positions;
	/**
	 * Appends the rows and the positions in one commit, and returns when its outcome is certain. A
	 * lost answer is asked again with the same bytes for as long as it takes. Throws FencedError if
	 * another owner has moved the positions.
	 */
	commit(rows: Rows, positions: Positions): Promise<Committed>;
	/**
	 * Makes the columns be these: adds columns, widens numbers (int to long, float to double), makes
	 * required ones optional. Throws SchemaError with all that is incompatible, and changes nothing
	 * then.
	 */
	evolve(columns: readonly Column[]): Promise<void>;
	/**
	 * Compacts, expires and deletes what is due, and returns what it did. Call it after each commit:
	 * it is cheap when nothing is due.
	 */
	maintain(): Promise<Maintained>;
	close(): Promise<void>;
}

export interface Committed {
	readonly snapshotId: bigint;
	readonly rows: number;
	readonly files: number;
	/** From the call to the certain outcome. */
	readonly ms: number;
}

export interface Maintained {
	readonly filesRewritten: number;
	readonly snapshotsExpired: number;
	readonly filesDeleted: number;
}

/** One data file of a snapshot, with what is known of its rows. Times: ms since 1970. */
export interface DataFile {
	readonly path: string;
	readonly rows: number;
	readonly bytes: number;
	/** The bounds of the event-time column; undefined: unknown. */
	readonly timeMin?: number;
	readonly timeMax?: number;
	/** By column name. */
	readonly lower: ReadonlyMap<string, Cell>;
	readonly upper: ReadonlyMap<string, Cell>;
}

/** The newest state of a table, for readers. */
export interface TableSnapshot {
	readonly name: string;
	readonly columns: readonly Column[];
	readonly timeColumn: string;
	/** undefined: nothing was committed yet. */
	readonly snapshotId: bigint | undefined;
	readonly committedAt: number | undefined;
	readonly topicId: string;
	readonly positions: Positions;
	readonly rows: number;
	readonly files: readonly DataFile[];
	readonly snapshots: number;
}

export interface TableReader {
	/** The names of all tables, sorted. */
	list(): Promise<readonly string[]>;
	/** undefined: there is no such table. Cheap when nothing was committed since the last call. */
	snapshot(name: string): Promise<TableSnapshot | undefined>;
	/** DuckDB's relation of the snapshot's rows, with all its columns: read_parquet([...], ...). */
	relation(snapshot: TableSnapshot, files?: readonly DataFile[]): string;
}

/** Where the lake is. */
export interface LakeLocation {
	/** A folder: the file catalog in it, nothing else is needed. Or an Iceberg REST catalog. */
	readonly catalog:
		| { readonly kind: "files"; readonly folder: string }
		| {
				readonly kind: "rest";
				readonly uri: string;
				readonly warehouse: string;
				readonly token?: string;
		  };
}

/** The owner's side: openTable(location, definition, { owner, logger, clock? }). */
export type OpenTable = (
	location: LakeLocation,
	definition: TableDefinition,
	options: {
		/** A name that no other process has ever had: a UUID. */
		readonly owner: string;
		readonly logger: {
			info(o: object, m: string): void;
			warn(o: object, m: string): void;
		};
		/** Ends the waiting for a catalog that is away: the method throws its reason. */
		readonly signal?: AbortSignal;
		/** For tests. What is not named is as in maintain/settings.ts. */
		readonly maintenance?: Partial<MaintenanceSettings>;
	},
) => Promise<OwnedTable>;

/** The readers' side: openReader(location). */
export type OpenReader = (location: LakeLocation) => TableReader;
