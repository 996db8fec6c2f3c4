/** `fireworks sql`: asks the lake's tables, and prints the rows and how fresh the tables are. */
import { z } from "zod";
import { CLI_EXIT, CliError, type CliExit } from "../exit-codes.ts";
import { cutText } from "../streams/text.ts";
import { duration, plural } from "../ui/format.ts";
import { table } from "../ui/table.ts";
import { askLake, lakePart, parseAnswer, refusalOf } from "./ask.ts";

/** A longer value is cut in the table; --json and --csv print all of it. */
const CELL_CHARACTERS_MAX = 60;

const answerSchema = z.object({
	columns: z.array(z.object({ name: z.string(), type: z.string() })),
	rows: z.array(z.array(z.unknown())),
	truncated: z.boolean(),
	/** How long the query took. */
	ms: z.number(),
	/** The tables that it read. committedAt: ms since 1970; null: nothing was committed yet. */
	tables: z.record(z.string(), z.object({ committedAt: z.number().nullish() })),
});
export type SqlAnswer = z.infer<typeof answerSchema>;

/** Throws CliError if the lake is off, does not answer, or refuses the query. */
export async function sql(
	query: string,
	format: "table" | "json" | "csv",
): Promise<CliExit> {
	const answer = await askLake(lakePart("lake-query"), "/sql", {
		sql: query,
		format: format === "csv" ? "csv" : "json",
	});
	if (answer.status !== 200)
		throw new CliError(
			CLI_EXIT.failure,
			`The query was refused: ${refusalOf(answer)}`,
		);
	if (format !== "table") {
		process.stdout.write(answer.body);
		if (answer.truncated)
			console.error("There are more rows: add a LIMIT, or ask for less.");
	} else {
		const parsed = answerSchema.parse(parseAnswer(answer.body));
		const width = process.stdout.columns || Number.POSITIVE_INFINITY;
		for (const line of answerLines(parsed, Date.now(), width))
			console.log(line);
	}
	return CLI_EXIT.ok;
}

/** The rows as a table, their number, and how old the newest commit of each table is. */
export function answerLines(
	{ columns, rows, truncated, ms, tables }: SqlAnswer,
	now: number,
	width: number,
): string[] {
	const head = columns.map(({ name }) => cell(name));
	const count = plural(rows.length, "row");
	return [
		...table([head, ...rows.map((row) => row.map(cell))], width),
		"",
		`${truncated ? `The first ${count}; there are more: add a LIMIT, or ask for less` : count} (${Math.round(ms)} ms)`,
		...Object.entries(tables).map(
			([name, { committedAt }]) => `${name}: ${freshness(committedAt, now)}`,
		),
	];
}

const freshness = (committedAt: number | null | undefined, now: number) =>
	committedAt == null
		? "nothing was committed yet"
		: `as of ${duration(Math.max(0, now - committedAt))} ago`;

function cell(value: unknown): string {
	if (value === null || value === undefined) return "NULL";
	const text = typeof value === "string" ? value : JSON.stringify(value);
	return cutText(text, CELL_CHARACTERS_MAX);
}
