/** Data files as readers see them. */
import { decodeBound } from "../iceberg/bounds.ts";
import type { FileRecord, Pairs } from "../iceberg/manifest.ts";
import type { TableColumn } from "../iceberg/schema.ts";
import type { Cell, DataFile } from "../ports.ts";
import { pathOf } from "../storage/files.ts";

const MICROS_PER_MS = 1000;

export function dataFileOf(
	file: FileRecord,
	columns: ReadonlyMap<number, TableColumn>,
	timeColumn: string,
): DataFile {
	const lower = boundsOf(file.lower_bounds, columns);
	const upper = boundsOf(file.upper_bounds, columns);
	const timeMin = milliseconds(lower.get(timeColumn), Math.floor);
	const timeMax = milliseconds(upper.get(timeColumn), Math.ceil);
	return {
		path: pathOf(file.file_path),
		rows: Number(file.record_count),
		bytes: Number(file.file_size_in_bytes),
		...(timeMin !== undefined && { timeMin }),
		...(timeMax !== undefined && { timeMax }),
		lower,
		upper,
	};
}

function boundsOf(
	bounds: Pairs<Buffer> | null,
	columns: ReadonlyMap<number, TableColumn>,
): ReadonlyMap<string, Cell> {
	const decoded = new Map<string, Cell>();
	for (const { key, value } of bounds ?? []) {
		const column = columns.get(key);
		if (column !== undefined)
			decoded.set(column.name, decodeBound(column.type, value));
	}
	return decoded;
}

/** Rounded outwards: a row of the file must not lie outside. */
const milliseconds = (
	micros: Cell | undefined,
	round: (ms: number) => number,
) =>
	typeof micros === "number" || typeof micros === "bigint"
		? round(Number(micros) / MICROS_PER_MS)
		: undefined;
