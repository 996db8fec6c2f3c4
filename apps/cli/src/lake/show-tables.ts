/** `fireworks lake`: the tables as their writer sees them. */
import { z } from "zod";
import { CLI_EXIT, CliError, type CliExit } from "../exit-codes.ts";
import { safe } from "../streams/text.ts";
import { duration, fileSize } from "../ui/format.ts";
import { table } from "../ui/table.ts";
import { askLake, lakePart, refusalOf } from "./ask.ts";

const count = z.number().int().min(0);
const tableSchema = z.object({
	table: z.string(),
	/** reading: as it should be. */
	state: z.string(),
	error: z.string().nullable(),
	/** Records that did not become rows, since the writer was started. */
	refused: count,
	/** ISO 8601; null: this writer has committed nothing yet. */
	lastCommitAt: z.string().nullable(),
	/** What the topic has and the table does not; null: not known yet. */
	lag: z.object({ records: count.nullable(), seconds: z.number().nullable() }),
	/** null: not known yet. */
	size: z
		.object({ rows: count, files: count, bytes: count, snapshots: count })
		.nullable(),
});
const answerSchema = z.object({ tables: z.array(tableSchema) });
export type LakeTable = z.infer<typeof tableSchema>;

/** Throws CliError if the lake is off or does not answer. */
export async function showTables({
	json,
}: {
	json: boolean;
}): Promise<CliExit> {
	const answer = await askLake(lakePart("lake"), "/tables");
	if (answer.status !== 200)
		throw new CliError(
			CLI_EXIT.failure,
			`The lake does not list its tables: ${refusalOf(answer)}`,
		);
	const found: unknown = JSON.parse(answer.body);
	if (json) console.log(JSON.stringify(found));
	else {
		const width = process.stdout.columns || Number.POSITIVE_INFINITY;
		const { tables } = answerSchema.parse(found);
		for (const line of tableLines(tables, Date.now(), width)) console.log(line);
	}
	return CLI_EXIT.ok;
}

const HEADER = [
	"TABLE",
	"STATE",
	"ROWS",
	"FILES",
	"SIZE",
	"SNAPSHOTS",
	"LAG",
	"REFUSED",
	"LAST COMMIT",
	"ERROR",
];

/** The tables as lines, or what to do if a lake has no tables. */
export function tableLines(
	tables: readonly LakeTable[],
	now: number,
	width: number,
): string[] {
	if (tables.length === 0)
		return [
			"The lake has no tables yet. Each stream of the catalog gets one: `fireworks streams` lists them.",
		];
	return table([HEADER, ...tables.map((one) => row(one, now))], width);
}

const row = (
	{ table: name, state, error, refused, lastCommitAt, lag, size }: LakeTable,
	now: number,
): string[] => [
	name,
	state,
	shown(size?.rows),
	shown(size?.files),
	size === null ? "-" : fileSize(size.bytes),
	shown(size?.snapshots),
	shown(lag.records),
	String(refused),
	lastCommitAt === null
		? "-"
		: `${duration(Math.max(0, now - Date.parse(lastCommitAt)))} ago`,
	safe(error ?? ""),
];

const shown = (value: number | null | undefined): string =>
	value == null ? "-" : String(value);
