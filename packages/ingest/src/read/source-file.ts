/** What a reader makes of a file, whatever its format. */

/** How the values of a column come: as text, or as values of JSON's types. */
export type ColumnKind =
	| "text"
	| "number"
	| "integer"
	| "boolean"
	/** Milliseconds since 1970, of an instant or of a wall clock. */
	| "instant"
	| "local"
	/** A nested JSON value, or values of several types; as such, or as the text of it. */
	| "json"
	| "json-text";

export interface SourceColumn {
	readonly name: string;
	readonly kind: ColumnKind;
}

/** Rows in the file's order. values: one array for each column. */
export interface RowChunk {
	readonly count: number;
	readonly values: readonly (readonly unknown[])[];
	/** Rows that could not be parsed at all, by their index in the chunk. */
	readonly broken?: ReadonlyMap<number, BrokenRow>;
}

export interface BrokenRow {
	readonly line: number;
	readonly message: string;
	readonly text: string;
}

export interface SourceFile {
	readonly path: string;
	readonly format: "csv" | "ndjson" | "parquet";
	readonly columns: readonly SourceColumn[];
	/** How the file is read, for people. */
	readonly dialect: string;
	/** The first rows, for inference. */
	sample(): Promise<RowChunk>;
	/** All rows after the first `skip`. */
	rows(skip: number): AsyncGenerator<RowChunk>;
	/** After `rows` has ended: the rows that were left out because they are not rows. */
	leftOut(): Promise<readonly BrokenRow[]>;
	/** The line in which a row begins; undefined: the format has no lines. Rows must ascend. */
	lineOf(row: number): Promise<number | undefined>;
	close(): Promise<void>;
}

export const SAMPLE_ROWS = 20_000;
