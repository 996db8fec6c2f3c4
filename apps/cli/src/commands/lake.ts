/** The subcommands that ask the lake: sql, lake. What they run is loaded when it is needed. */
import { type Command, Option } from "commander";
import { onTopicsHere } from "./on-target.ts";

/** Adds the subcommands. done: receives the exit code. */
export function addLakeCommands(
	program: Command,
	done: (exit: number) => void,
): void {
	onTopicsHere(program.command("sql"))
		.argument("<query>", 'such as "select count(*) from wiener"')
		.description(
			"ask the tables of the lake (up --lake) with SQL, and say how fresh they are",
		)
		.addOption(
			new Option("--json", "print one JSON object, for programs").conflicts(
				"csv",
			),
		)
		.option("--csv", "print the rows as CSV")
		.action(async (query, o) => {
			const { sql } = await import("../lake/sql.ts");
			done(await sql(query, o.json ? "json" : o.csv ? "csv" : "table"));
		});

	onTopicsHere(program.command("lake"))
		.description(
			"list the tables of the lake with their rows, files, size, lag and last commit",
		)
		.option("--json", "print one JSON object, for programs")
		.action(async (o) => {
			const { showTables } = await import("../lake/show-tables.ts");
			done(await showTables({ json: o.json === true }));
		});
}
