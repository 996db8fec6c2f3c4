/** Whether a table has every row of its positions once, counted by DuckDB over its files. */
import { type LakeLocation, openReader } from "../src/index.ts";
import { query } from "./lake-folder.ts";

export interface Counted {
	/** For each partition: its position in the table. */
	readonly positions: Record<string, number>;
	/** For each partition: how many rows, how many different offsets, and the last one. */
	readonly rows: Record<
		string,
		{ rows: number; offsets: number; last: number }
	>;
}

export async function countRows(
	location: LakeLocation,
	name = "measurements",
): Promise<Counted> {
	const reader = openReader(location);
	const snapshot = await reader.snapshot(name);
	if (snapshot === undefined) throw new Error(`there is no table ${name}`);
	const counted = await query(
		`SELECT kafka_partition p, count(*)::INT n, count(DISTINCT kafka_offset)::INT d, max(kafka_offset)::INT m
		FROM ${reader.relation(snapshot)} GROUP BY 1`,
	);
	return {
		positions: Object.fromEntries(snapshot.positions),
		rows: Object.fromEntries(
			counted.map(({ p, n, d, m }) => [
				String(p),
				{ rows: Number(n), offsets: Number(d), last: Number(m) },
			]),
		),
	};
}

/** What countRows says if nothing is missing and nothing is there twice. */
export const exactly = (positions: Record<string, number>): Counted => ({
	positions,
	rows: Object.fromEntries(
		Object.entries(positions).map(([partition, position]) => [
			partition,
			{ rows: position, offsets: position, last: position - 1 },
		]),
	),
});
