/** Runs one statement of a user, in the process that was started for it. */
import type { DuckDBResult } from "@duckdb/node-api";
import { RequestRefused } from "../http/request-refused.ts";
import { STATEMENT_MEMORY, STATEMENT_MS } from "../limits.ts";
import { csvLine, jsonAnswer, readRows } from "./answer.ts";
import { checkQuery, prepareQuery } from "./checked-query.ts";
import type { AnswerFormat, SqlTable } from "./messages.ts";
import { openSandbox } from "./sandbox.ts";
import { viewNames } from "./view-names.ts";

export interface StatementRequest {
	readonly sql: string;
	readonly format: AnswerFormat;
	/** The names of all tables. */
	readonly tables: readonly string[];
}

/**
 * Answers with the text of the whole answer. resolve: gives the newest snapshots of these tables;
 * it is called once. Throws RequestRefused.
 */
export async function runStatement(
	{ sql, format, tables }: StatementRequest,
	resolve: (tables: readonly string[]) => Promise<readonly SqlTable[]>,
	limitMs = STATEMENT_MS,
): Promise<{ body: string; truncated: boolean }> {
	const started = performance.now();
	try {
		const views = viewNames(tables);
		const read = await resolve(await tablesOf(sql, tables, views));
		const sandbox = await openSandbox(read, views.values());
		const timer = setTimeout(() => sandbox.connection.interrupt(), limitMs);
		try {
			const statement = await prepareQuery(sandbox.connection, sql);
			const result = await statement.stream();
			const columns = columnsOf(result);
			const { rows, truncated } = await readRows(result, format);
			if (format === "csv") {
				const header = csvLine(columns.map(({ name }) => name));
				return {
					body: [header, ...rows, ""].join("\r\n"),
					truncated,
				};
			}
			const ms = Math.round(performance.now() - started);
			const answered = read.map(({ name, committedAt, snapshotId }) => [
				name,
				{ committedAt, snapshotId },
			]);
			return {
				body: jsonAnswer({
					columns,
					rows,
					truncated,
					ms,
					tables: Object.fromEntries(answered),
				}),
				truncated,
			};
		} finally {
			clearTimeout(timer);
			sandbox.close();
		}
	} catch (error) {
		throw refusalOf(error);
	}
}

/**
 * Checks the statement where it can do nothing. Answers with the tables that it names; all tables
 * if it names none, as SHOW TABLES does.
 */
async function tablesOf(
	sql: string,
	tables: readonly string[],
	views: ReturnType<typeof viewNames>,
): Promise<readonly string[]> {
	const { connection, close } = await openSandbox();
	try {
		await checkQuery(connection, sql);
		const named = connection
			.getTableNames(sql, false)
			.flatMap((name) => views.get(name.toLowerCase())?.table ?? []);
		return named.length > 0 ? [...new Set(named)] : tables;
	} finally {
		close();
	}
}

const columnsOf = (result: DuckDBResult) =>
	result.columnNames().map((name, i) => ({
		name,
		type: String(result.columnType(i)),
	}));

function refusalOf(error: unknown): RequestRefused {
	if (error instanceof RequestRefused) return error;
	const message = error instanceof Error ? error.message : String(error);
	if (message.startsWith("INTERRUPT Error"))
		return new RequestRefused(
			"too-slow",
			`the statement took more than ${STATEMENT_MS / 1_000} s: read less time, or fewer rows`,
		);
	if (message.startsWith("Out of Memory Error"))
		return new RequestRefused(
			"too-much-memory",
			`the statement needs more than ${STATEMENT_MEMORY}: read less time, or fewer columns`,
		);
	return new RequestRefused("bad-sql", message);
}
