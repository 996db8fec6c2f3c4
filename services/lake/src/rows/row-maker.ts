/** What a table is made of: its columns, and a row of each record of its topic. */
import type { Cell, Column } from "@fireworks/lake";
import type { RecordRefusal } from "@fireworks/pipeline";
import type { LogRecord } from "@fireworks/streams";

export type Refusal = RecordRefusal;

export type Made =
	| {
			/** One cell for each column. The array is used again for the next row. */
			readonly row: readonly Cell[];
			/** Whether the record has fields that the schema does not have. They are left out. */
			readonly surplus: boolean;
			readonly refusal?: undefined;
	  }
	| { readonly refusal: Refusal; readonly row?: undefined };

export interface RowMaker {
	row(record: LogRecord): Made;
}

export interface RowsOf {
	/** The columns that the table should have. */
	readonly columns: readonly Column[];
	/** The name of the column of the event time. */
	readonly partitionBy: string;
	/** For a table with these columns, in their order: it can have more. */
	maker(columns: readonly Column[]): RowMaker;
}
