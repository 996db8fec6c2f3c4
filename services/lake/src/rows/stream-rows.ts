/** Makes rows of a stream's records: one record is one row, or is refused with the reason. */
import type { Cell, Column } from "@fireworks/lake";
import {
	type CatalogEntry,
	type ReadRecord,
	recordDecoder,
	recordKey,
} from "@fireworks/pipeline";
import type { LogRecord } from "@fireworks/streams";
import { CellRefused, kafkaTimeCell, TO_CELL, timeCell } from "./cells.ts";
import {
	EVENT_TIME,
	fieldColumns,
	KAFKA_OFFSET,
	KAFKA_PARTITION,
	KAFKA_TIME,
	OWN_COLUMNS,
	RECORD_KEY,
} from "./columns.ts";
import type { Refusal, RowMaker, RowsOf } from "./row-maker.ts";

type ToCell = (read: ReadRecord, record: LogRecord) => Cell;

const OWN_CELLS: ReadonlyMap<string, ToCell> = new Map<string, ToCell>([
	[
		EVENT_TIME.name,
		({ time }) => {
			const cell = timeCell(time);
			if (cell !== undefined) return cell;
			throw new CellRefused(`${time} ms since 1970 lies outside of all years`);
		},
	],
	[RECORD_KEY.name, (_, { key }) => recordKey(key)],
	[KAFKA_PARTITION.name, (_, { partition }) => partition],
	[KAFKA_OFFSET.name, (_, { offset }) => offset],
	[KAFKA_TIME.name, (_, { timestamp }) => kafkaTimeCell(timestamp)],
]);

/** Throws ColumnsError if the schema cannot become columns. */
export function streamRows(entry: CatalogEntry): RowsOf {
	const fields = fieldColumns(entry);
	// Only what the table needs is checked: a key or a measure that the page could not show is no
	// reason to leave a record out.
	const decoder = recordDecoder({ ...entry, key: null, measures: {} });
	const known = new Set(fields.map(({ field }) => field));
	const byName = new Map(fields.map((one) => [one.column.name, one]));
	const cellOf = (column: Column): { field: string | null; cell: ToCell } => {
		const ownCell = OWN_CELLS.get(column.name);
		if (ownCell !== undefined) return { field: null, cell: ownCell };
		const found = byName.get(column.name);
		// The schema had the field once.
		if (found === undefined) return { field: null, cell: () => null };
		const { field, kind } = found;
		const toCell = TO_CELL[kind];
		const cell: ToCell = ({ value }) => {
			// A field such as toString is not that of every object.
			const one = Object.hasOwn(value, field) ? value[field] : undefined;
			if (one !== undefined && one !== null) return toCell(one);
			if (!column.required) return null;
			throw new CellRefused(one === null ? "must not be null" : "is missing");
		};
		return { field, cell };
	};
	return {
		columns: [...fields.map(({ column }) => column), ...OWN_COLUMNS],
		partitionBy: EVENT_TIME.name,
		maker: (columns): RowMaker => {
			const cells = columns.map(cellOf);
			const row: Cell[] = new Array(columns.length).fill(null);
			return {
				row(record) {
					const { record: read, refusal } = decoder.bytes(
						record.value,
						record.timestamp,
					);
					if (read === undefined) return { refusal };
					for (const [i, { field, cell }] of cells.entries())
						try {
							row[i] = cell(read, record);
						} catch (error) {
							return { refusal: refusalOf(error, field) };
						}
					return { row, surplus: hasOthers(read.value, known) };
				},
			};
		},
	};
}

function refusalOf(error: unknown, field: string | null): Refusal {
	if (!(error instanceof CellRefused)) throw error;
	return field === null
		? { code: "time-out-of-range", field, message: error.message }
		: { code: "bad-field", field, message: `${field}: ${error.message}` };
}

function hasOthers(value: object, known: ReadonlySet<string>): boolean {
	for (const name in value) if (!known.has(name)) return true;
	return false;
}
