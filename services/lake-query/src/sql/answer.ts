/** The answer to a statement as text, bounded in rows and in bytes. */
import type { DuckDBResult, Json } from "@duckdb/node-api";
import { ANSWER_BYTES_MAX, ROWS_MAX } from "../limits.ts";
import { jsonValue } from "./json-values.ts";
import type { AnswerFormat, SqlTable } from "./messages.ts";

export interface SqlAnswer {
	readonly columns: readonly { readonly name: string; readonly type: string }[];
	readonly rows: readonly (readonly Json[])[];
	/** There are more rows than the answer has. */
	readonly truncated: boolean;
	readonly ms: number;
	/** The snapshots that it was answered from. */
	readonly tables: Readonly<
		Record<string, Pick<SqlTable, "committedAt" | "snapshotId">>
	>;
}

type Row = readonly (Json | null)[];

/** Rows as text, as many as may be in an answer. */
export async function readRows(
	result: DuckDBResult,
	format: AnswerFormat,
): Promise<{ rows: string[]; truncated: boolean }> {
	const encode = format === "csv" ? csvLine : (row: Row) => JSON.stringify(row);
	const rows: string[] = [];
	let bytes = 0;
	for await (const chunk of result) {
		// One row after the other: a chunk may be far larger than an answer.
		for (let i = 0; i < chunk.rowCount; i++) {
			if (rows.length >= ROWS_MAX) return { rows, truncated: true };
			const row = chunk.convertRowValues(i, jsonValue);
			if (row.some(isTooLong)) return { rows, truncated: true };
			const text = encode(row);
			bytes += Buffer.byteLength(text) + 1;
			if (bytes > ANSWER_BYTES_MAX) return { rows, truncated: true };
			rows.push(text);
		}
	}
	return { rows, truncated: false };
}

const isTooLong = (cell: Json | null): boolean =>
	typeof cell === "string" && cell.length > ANSWER_BYTES_MAX;

/** rows: each as JSON. */
export const jsonAnswer = ({
	rows,
	...rest
}: Omit<SqlAnswer, "rows"> & { rows: string[] }): string =>
	`{"columns":${JSON.stringify(rest.columns)},"rows":[${rows.join(",\n")}],"truncated":${rest.truncated},"ms":${rest.ms},"tables":${JSON.stringify(rest.tables)}}\n`;

/** RFC 4180. null is an empty field, an empty text is "". */
export const csvLine = (row: Row): string => row.map(csvField).join(",");

function csvField(cell: Json | null): string {
	if (cell === null) return "";
	const text = typeof cell === "string" ? cell : JSON.stringify(cell);
	return text === "" || /[",\r\n]/.test(text)
		? `"${text.replaceAll('"', '""')}"`
		: text;
}
