/** The answer to a query as CSV: RFC 4180, a null as an empty field. */
import { csvField } from "../export/csv.ts";
import type { SqlAnswer, SqlValue } from "../lake/lake-api.ts";

/** Lines that are joined into one text. */
const LINES = 1_000;
/** Integers beyond 2^53, and long decimals, come as texts. They are no formulas. */
const NUMBER = /^-?\d+(?:\.\d+)?$/;

/** Parts of the file: joined into one string they could exceed its maximum length. */
export function* answerCsv({
	columns,
	rows,
}: Pick<SqlAnswer, "columns" | "rows">): Generator<string> {
	yield line(columns.map(({ name }) => csvField(name)));
	for (let i = 0; i < rows.length; i += LINES)
		yield rows
			.slice(i, i + LINES)
			.map((row) => line(row.map(cell)))
			.join("");
}

const line = (fields: readonly string[]) => `${fields.join(",")}\r\n`;

function cell(value: SqlValue | undefined): string {
	if (value === null || value === undefined) return "";
	if (typeof value !== "string" || NUMBER.test(value))
		return typeof value === "object"
			? csvField(JSON.stringify(value))
			: String(value);
	// Unlike a null.
	return value === "" ? '""' : csvField(value);
}

/** A value for reading. */
export const cellText = (value: SqlValue | undefined): string =>
	typeof value === "string"
		? value
		: value === undefined
			? ""
			: JSON.stringify(value);
