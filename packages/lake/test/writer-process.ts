/**
 * Owns the table of a folder and commits rows to it, from its positions on, until it is killed.
 * Prints a line for each thing that it has done. Ends with 3 when it is fenced.
 */
import { randomUUID } from "node:crypto";
import { FencedError, openTable } from "../src/index.ts";
import { definition, rowsOf } from "./rows.ts";

const FENCED = 3;
const ROWS = 300;
const PARTITIONS = 3;

const [, , folder = ""] = process.argv;
const say = (o: object, what: string) => console.log(what, JSON.stringify(o));

const table = await openTable(
	{ catalog: { kind: "files", folder } },
	definition(),
	{ owner: randomUUID(), logger: { info: () => {}, warn: say } },
);
say(Object.fromEntries(table.positions), "opened");
try {
	for (let commit = 0; ; commit += 1) {
		const partition = commit % PARTITIONS;
		const from = table.positions.get(partition) ?? 0;
		const moved = new Map([[partition, from + ROWS]]);
		await table.commit(rowsOf(partition, from, ROWS), moved);
		say({}, "committed");
		await table.maintain();
	}
} catch (error) {
	if (!(error instanceof FencedError)) throw error;
	say({}, "fenced");
	process.exit(FENCED);
}
