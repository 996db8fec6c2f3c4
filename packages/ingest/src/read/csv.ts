/**
 * CSV files. DuckDB finds out the dialect (delimiter, header) and reads every cell as text; what a
 * text means is decided in `infer`, where it can be shown and overridden.
 */
import { InputError } from "../errors.ts";
import { csvLines, linesAt } from "./csv-lines.ts";
import { chunksOf, firstRows, literal, openDuckDb } from "./duckdb.ts";
import { type BrokenRow, SAMPLE_ROWS, type SourceFile } from "./source-file.ts";

export interface CsvOptions {
	/** Default: found out. */
	delimiter?: string | undefined;
	/** Whether the first row holds the names. Default: found out. */
	header?: boolean | undefined;
}

interface Dialect {
	delimiter: string;
	header: boolean;
	columns: readonly string[];
}

export async function openCsv(
	path: string,
	options: CsvOptions = {},
): Promise<SourceFile> {
	const { connection, close } = await openDuckDb();
	const dialect = await sniff(path, options, async (sql) =>
		(await connection.runAndReadAll(sql)).getRowObjectsJson(),
	).catch((error: unknown) => {
		close();
		throw error;
	});
	const { delimiter, header, columns } = dialect;
	const types = columns.map((name) => `${literal(name)}: 'VARCHAR'`).join(", ");
	const query = (rejects: boolean) =>
		`SELECT * FROM read_csv(${literal(path)}, auto_detect=false, delim=${literal(delimiter)}, quote='"', escape='"', header=${header}, columns={${types}}, nullstr='', ${rejects ? "store_rejects=true" : "ignore_errors=true"})`;
	let lines: { next: AsyncGenerator<number>; row: number } | undefined;
	return {
		path,
		format: "csv",
		columns: columns.map((name) => ({ name, kind: "text" })),
		dialect: `CSV, cells separated by ${delimiter === "\t" ? "tabs" : JSON.stringify(delimiter)}, ${header ? "names in the first row" : "without a row of names"}`,
		sample: () =>
			firstRows(
				chunksOf(connection, `${query(false)} LIMIT ${SAMPLE_ROWS}`, 0),
				columns.length,
				SAMPLE_ROWS,
			),
		rows: (skip) => {
			// After a failure the rows are read again, and their lines are looked for again.
			lines = undefined;
			return chunksOf(connection, query(true), skip);
		},
		leftOut: async () => {
			const errors = await connection.runAndReadAll(
				"SELECT min(byte_position) AS byte, first(error_type) AS type, first(error_message) AS message, first(csv_line) AS text FROM reject_errors GROUP BY line_byte_position ORDER BY byte",
			);
			const rows = errors.getRowObjectsJson();
			const lines = await linesAt(
				path,
				rows.map((row) => Number(row.byte)),
			);
			return rows.map(
				({ type, message, text }, i): BrokenRow => ({
					line: lines[i] ?? 0,
					message: `${String(type).toLowerCase()}: ${message}`,
					text: String(text).trim(),
				}),
			);
		},
		lineOf: async (row) => {
			lines ??= {
				next: csvLines(path, delimiter, columns.length, header),
				row: -1,
			};
			let line: number | undefined;
			while (lines.row < row) {
				const { value, done } = await lines.next.next();
				if (done) return undefined;
				lines.row++;
				line = value;
			}
			return line;
		},
		close: async () => {
			await lines?.next.return(undefined);
			close();
		},
	};
}

async function sniff(
	path: string,
	{ delimiter, header }: CsvOptions,
	read: (sql: string) => Promise<Record<string, unknown>[]>,
): Promise<Dialect> {
	const given = [
		...(delimiter === undefined ? [] : [`delim=${literal(delimiter)}`]),
		...(header === undefined ? [] : [`header=${header}`]),
	];
	try {
		const [found] = await read(
			`SELECT * FROM sniff_csv(${[literal(path), "ignore_errors=true", ...given].join(", ")})`,
		);
		const named = found?.HasHeader === true;
		const columns = ((found?.Columns ?? []) as { name: string }[]).map(
			({ name }) => name,
		);
		return {
			delimiter: String(found?.Delimiter),
			header: header ?? named,
			columns,
		};
	} catch (error) {
		throw new InputError(
			`${path} cannot be read as CSV: ${(error as Error).message.split("\n")[0]}. Pass --delimiter and --header or --no-header`,
			{ cause: error },
		);
	}
}
