/** The topic of the system's dead letters as a table: whatever a stage or ingest has refused. */

import { DEAD_LETTER_HEADERS } from "@fireworks/contracts";
import type { Cell, Column } from "@fireworks/lake";
import { recordKey } from "@fireworks/pipeline";
import type { LogRecord } from "@fireworks/streams";
import { kafkaTimeCell, timeCell } from "./cells.ts";
import { OWN_COLUMNS } from "./columns.ts";
import type { RowsOf } from "./row-maker.ts";
import { boundedText } from "./text.ts";

export const DEAD_LETTER_TABLE = "dead_letter_topic";

const text = (name: string): Column => ({
	name,
	type: "string",
	required: false,
});

const header =
	(name: string) =>
	({ headers }: LogRecord): Cell =>
		headers[name]?.toWellFormed() ?? null;

/** A header is any text: one that is not a number gives no value, and loses no letter. */
const integerHeader =
	(name: string) =>
	({ headers }: LogRecord): Cell => {
		const value = Number(headers[name] ?? Number.NaN);
		return Number.isSafeInteger(value) ? value : null;
	};

const COLUMNS: readonly [Column, (record: LogRecord) => Cell][] = [
	[text("code"), header(DEAD_LETTER_HEADERS.code)],
	[text("message"), header(DEAD_LETTER_HEADERS.message)],
	[text("source_topic"), header(DEAD_LETTER_HEADERS.topic)],
	[
		{ name: "source_partition", type: "long", required: false },
		integerHeader(DEAD_LETTER_HEADERS.partition),
	],
	[
		{ name: "source_offset", type: "long", required: false },
		integerHeader(DEAD_LETTER_HEADERS.offset),
	],
	[text("stage"), header(DEAD_LETTER_HEADERS.stage)],
	[text("record_value"), ({ value }) => boundedText(value)],
];

const OWN_CELLS: readonly ((record: LogRecord) => Cell)[] = [
	// The event time: a dead letter happens when it is written.
	({ timestamp }) => timeCell(timestamp) ?? 0n,
	({ key }) => recordKey(key),
	({ partition }) => partition,
	({ offset }) => offset,
	({ timestamp }) => kafkaTimeCell(timestamp),
];

export function deadLetterRows(): RowsOf {
	const columns = [...COLUMNS.map(([column]) => column), ...OWN_COLUMNS];
	const cells = [...COLUMNS.map(([, cell]) => cell), ...OWN_CELLS];
	const byName = new Map(columns.map(({ name }, i) => [name, cells[i]]));
	return {
		columns,
		partitionBy: "event_time",
		maker: (existing) => {
			const makers = existing.map(({ name }) => byName.get(name));
			return {
				row: (record) => ({
					row: makers.map((cell) => cell?.(record) ?? null),
					surplus: false,
				}),
			};
		},
	};
}
