/** Chooses the files that can have rows of a request: the others are not opened. */
import type { Cell, DataFile } from "@fireworks/lake";
import type { HistoryRequest } from "./request.ts";

export const KEY_COLUMN = "record_key";

export const filesFor = (
	files: readonly DataFile[],
	{ from, to, keys }: Pick<HistoryRequest, "from" | "to" | "keys">,
): readonly DataFile[] =>
	files.filter(
		(file) =>
			// The bounds are whole ms, rounded down: an upper one may be a little too low.
			(file.timeMax === undefined || file.timeMax + 1 > from) &&
			(file.timeMin === undefined || file.timeMin < to) &&
			(keys.length === 0 || keys.some((key) => mayHave(file, key))),
	);

function mayHave({ lower, upper }: DataFile, key: string): boolean {
	const low = lower.get(KEY_COLUMN);
	const high = upper.get(KEY_COLUMN);
	return (
		(!isText(low) || compare(low, key) <= 0) &&
		(!isText(high) || compare(key, high) <= 0)
	);
}

const isText = (cell: Cell | undefined): cell is string =>
	typeof cell === "string";

/** Iceberg orders texts by their bytes in UTF-8; JavaScript does so by UTF-16. */
const compare = (a: string, b: string): number =>
	Buffer.compare(Buffer.from(a), Buffer.from(b));
