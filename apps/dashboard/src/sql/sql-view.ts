/**
 * The query and how its answer is shown, as the page's address has them: /sql?q=SELECT+1&chart=bar
 */

export const ANSWER_CHARTS = ["none", "line", "bar"] as const;
export type AnswerChart = (typeof ANSWER_CHARTS)[number];

export interface SqlView {
	sql: string;
	chart: AnswerChart;
}

/** A longer address is refused by servers on the way. */
export const ADDRESS_MAX = 8_000;

export function readSqlView(search: string): SqlView {
	const query = new URLSearchParams(search);
	return {
		sql: query.get("q") ?? "",
		chart: ANSWER_CHARTS.find((one) => one === query.get("chart")) ?? "none",
	};
}

/**
 * The part of the address from the question mark on; empty for an empty query. undefined: the query
 * is too long for an address.
 */
export function writeSqlView({ sql, chart }: SqlView): string | undefined {
	if (sql === "") return "";
	const query = new URLSearchParams({ q: sql });
	if (chart !== "none") query.set("chart", chart);
	const text = `?${query}`;
	return text.length > ADDRESS_MAX ? undefined : text;
}

/** The first rows of a table, as SQL. */
export const firstRowsOf = (table: string): string =>
	`SELECT * FROM "${table.replaceAll('"', '""')}" LIMIT 100`;
