/** How cells go into DuckDB's vectors. */
import {
	BIGINT,
	BOOLEAN,
	DOUBLE,
	type DuckDBType,
	FLOAT,
	INTEGER,
	VARCHAR,
} from "@duckdb/node-api";
import { RowsError } from "../errors.ts";
import type { TableColumn } from "../iceberg/schema.ts";
import type { Cell, ColumnType } from "../ports.ts";

/** Times go in as whole microseconds: an object for each would take twice as long. */
export const BUFFER_TYPE: Record<ColumnType, DuckDBType> = {
	boolean: BOOLEAN,
	int: INTEGER,
	long: BIGINT,
	float: FLOAT,
	double: DOUBLE,
	string: VARCHAR,
	timestamptz: BIGINT,
};

/** The SQL of the column's own type. name: in the buffer. */
export const fromBuffer = (type: ColumnType, name: string): string =>
	type === "timestamptz" ? `make_timestamptz(${name})` : name;

const INT_MAX = 2 ** 31 - 1;
const LONG_MAX = 2n ** 63n - 1n;

/**
 * The cells from start to end as DuckDB's vectors take them. A wrong one must be refused here: the
 * vector would keep another value without a word.
 */
export function bufferValues(
	column: TableColumn,
	cells: readonly Cell[],
	start: number,
	end: number,
): Exclude<Cell, undefined>[] {
	const convert = CONVERT[column.type];
	const values: Cell[] = new Array(end - start);
	for (let index = start; index < end; index += 1) {
		const cell = cells[index] ?? null;
		const value = cell === null ? null : convert(cell);
		if (value === undefined)
			throw new RowsError(
				`${String(cell)} (${typeof cell}) in row ${index} is not a value of the column ${column.name}, which has the type ${column.type}`,
			);
		values[index - start] = value;
	}
	return values;
}

/** undefined: the cell is not of the type. */
type Convert = (cell: Cell) => Cell | undefined;

const toLong: Convert = (cell) => {
	if (typeof cell === "number")
		return Number.isSafeInteger(cell) ? BigInt(cell) : undefined;
	if (typeof cell !== "bigint") return undefined;
	return cell <= LONG_MAX && cell >= -LONG_MAX - 1n ? cell : undefined;
};

const toNumber: Convert = (cell) =>
	typeof cell === "number" ? cell : undefined;

const CONVERT: Record<ColumnType, Convert> = {
	boolean: (cell) => (typeof cell === "boolean" ? cell : undefined),
	int: (cell) =>
		typeof cell === "number" &&
		Number.isInteger(cell) &&
		cell <= INT_MAX &&
		cell >= -INT_MAX - 1
			? cell
			: undefined,
	long: toLong,
	float: toNumber,
	double: toNumber,
	string: (cell) => (typeof cell === "string" ? cell : undefined),
	timestamptz: toLong,
};
