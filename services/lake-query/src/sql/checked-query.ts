/**
 * Lets only a single query pass, with harmless functions. DuckDB's own parser decides what a text
 * is, so nothing depends on how it is written.
 */
import {
	type DuckDBConnection,
	type DuckDBPreparedStatement,
	StatementType,
} from "@duckdb/node-api";
import { z } from "zod";
import { RequestRefused } from "../http/request-refused.ts";

/**
 * Functions that may stand where a table may. The others read files, write logs, run a text as SQL
 * or are for tests of DuckDB.
 */
const TABLE_FUNCTIONS: ReadonlySet<string> = new Set([
	"duckdb_columns",
	"duckdb_functions",
	"duckdb_keywords",
	"duckdb_settings",
	"duckdb_tables",
	"duckdb_types",
	"duckdb_views",
	"generate_series",
	"histogram",
	"histogram_values",
	"json_each",
	"json_tree",
	"pg_timezone_names",
	"pragma_table_info",
	"pragma_version",
	"range",
	"repeat",
	"unnest",
]);

/** EXPLAIN, perhaps with ANALYZE. With options it is refused, as are comments before it. */
const EXPLAIN = /^\s*EXPLAIN(?:\s+ANALYZE)?\s+/i;

const refused = (message: string) => new RequestRefused("not-a-query", message);

const serializedSchema = z.union([
	z.object({ error: z.literal(true), error_message: z.string() }),
	z.object({ error: z.literal(false), statements: z.array(z.unknown()) }),
]);

/**
 * connection: only its parser is used. Throws RequestRefused, or DuckDB's error.
 *
 * DuckDB explains writes as well, and EXPLAIN ANALYZE does what it explains. So what is explained
 * must be a query by itself.
 */
export async function checkQuery(
	connection: DuckDBConnection,
	sql: string,
): Promise<void> {
	const { count } = await connection.extractStatements(sql);
	if (count !== 1)
		throw refused(
			`this is ${count} statements: send exactly one (a PIVOT needs its values: IN ('a', 'b'))`,
		);
	const reader = await connection.runAndReadAll(
		"SELECT json_serialize_sql($1::VARCHAR)::VARCHAR",
		[sql.replace(EXPLAIN, "")],
	);
	const serialized = serializedSchema.parse(
		JSON.parse(String(reader.getRows()[0]?.[0])),
	);
	if (serialized.error) throw refused(onlyQueries(serialized.error_message));
	for (const name of tableFunctions(serialized.statements))
		if (!TABLE_FUNCTIONS.has(name.toLowerCase()))
			throw refused(
				`the table function ${name}() is not possible here: select from the tables that SHOW TABLES lists`,
			);
}

/** The statement that checkQuery let pass. Throws RequestRefused, or DuckDB's error. */
export async function prepareQuery(
	connection: DuckDBConnection,
	sql: string,
): Promise<DuckDBPreparedStatement> {
	const statements = await connection.extractStatements(sql);
	const statement = await statements.prepare(0);
	const type = EXPLAIN.test(sql) ? StatementType.EXPLAIN : StatementType.SELECT;
	if (statements.count !== 1 || statement.statementType !== type)
		throw refused(onlyQueries("it is not a query"));
	if (statement.parameterCount > 0)
		throw refused("parameters ($1, ?) are not possible: write their values");
	return statement;
}

const onlyQueries = (why: string): string =>
	`only SELECT, WITH, FROM, VALUES, DESCRIBE, SUMMARIZE, SHOW TABLES and EXPLAIN are possible here: ${why}`;

/** The names of all functions that stand where a table may, anywhere in the syntax tree. */
function* tableFunctions(tree: unknown): Generator<string> {
	const nodes = [tree];
	while (nodes.length > 0) {
		const node = nodes.pop();
		if (typeof node !== "object" || node === null) continue;
		const called = tableFunction.safeParse(node);
		if (called.success) yield called.data.function.function_name;
		nodes.push(...Object.values(node));
	}
}

const tableFunction = z.object({
	type: z.literal("TABLE_FUNCTION"),
	// Anything else than a call is refused by its empty name.
	function: z.object({ function_name: z.string().catch("") }),
});
