/** What DuckDB says of the values in a Parquet file, as Iceberg's counts and bounds. */
import { encodeBound } from "../iceberg/bounds.ts";
import type { FileRecord, Pairs } from "../iceberg/manifest.ts";
import type { TableColumn } from "../iceberg/schema.ts";
import type { Cell, ColumnType } from "../ports.ts";

/** A row of COPY ... RETURN_STATS, as JSON: numbers and values are text. */
export interface CopyStatistics {
	readonly filename: string;
	readonly count: string;
	readonly file_size_bytes: string;
	readonly column_statistics: readonly {
		/** The name of the column, in quotes. */
		readonly key: string;
		readonly value: readonly { readonly key: string; readonly value: string }[];
	}[];
}

export type FileStatistics = Pick<
	FileRecord,
	| "record_count"
	| "file_size_in_bytes"
	| "value_counts"
	| "null_value_counts"
	| "lower_bounds"
	| "upper_bounds"
>;

export function fileStatistics(
	statistics: CopyStatistics,
	columns: readonly TableColumn[],
): FileStatistics {
	const byColumn = new Map(
		statistics.column_statistics.map(({ key, value }) => [
			key.slice(1, -1).replaceAll('""', '"'),
			new Map(value.map((each) => [each.key, each.value])),
		]),
	);
	const pairs = <T>(read: (column: TableColumn) => T | undefined): Pairs<T> =>
		columns.flatMap((column) => {
			const value = read(column);
			return value === undefined ? [] : [{ key: column.id, value }];
		});
	const bound =
		(side: "lower" | "upper", name: "min" | "max") => (column: TableColumn) => {
			const text = byColumn.get(column.name)?.get(name);
			const value = text === undefined ? null : parsed(column.type, text);
			return encodeBound(column.type, value, side);
		};
	const count = BigInt(statistics.count);
	return {
		record_count: count,
		file_size_in_bytes: BigInt(statistics.file_size_bytes),
		value_counts: pairs(() => count),
		null_value_counts: pairs(({ name }) => {
			const nulls = byColumn.get(name)?.get("null_count");
			return nulls === undefined ? undefined : BigInt(nulls);
		}),
		lower_bounds: pairs(bound("lower", "min")),
		upper_bounds: pairs(bound("upper", "max")),
	};
}

/** null: it cannot be read, so there is no bound. */
function parsed(type: ColumnType, text: string): Cell {
	switch (type) {
		case "boolean":
			return text === "1" || text === "true";
		case "int":
		case "long":
			return BigInt(text);
		case "float":
		case "double":
			return floating(text);
		case "string":
			return text;
		case "timestamptz":
			return microseconds(text);
	}
}

const floating = (text: string) =>
	text === "inf" ? Infinity : text === "-inf" ? -Infinity : Number(text);

const TIMESTAMP = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\+00$/;

/** Of a time in UTC. null: before the year 0 or after 9999. */
function microseconds(text: string): bigint | null {
	const [, date, time, fraction = ""] = TIMESTAMP.exec(text) ?? [];
	if (date === undefined) return null;
	const ms = Date.parse(`${date}T${time}Z`);
	return BigInt(ms) * 1000n + BigInt(fraction.padEnd(6, "0"));
}
