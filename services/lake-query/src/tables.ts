/** GET /tables: what the lake has. */
import type { TableReader, TableSnapshot } from "@fireworks/lake";

export interface TableInfo {
	readonly name: string;
	readonly columns: readonly { readonly name: string; readonly type: string }[];
	readonly rows: number;
	readonly files: number;
	readonly bytes: number;
	/** 64 bits, so a text. null: nothing was committed yet. */
	readonly snapshotId: string | null;
	/** ms since 1970. */
	readonly committedAt: number | null;
	/** For each partition the offset after the last one in the table. */
	readonly positions: Readonly<Record<string, number>>;
	/** Bounds of the event times, ms since 1970; null: no rows, or unknown. */
	readonly timeMin: number | null;
	readonly timeMax: number | null;
}

export async function listTables(reader: TableReader): Promise<TableInfo[]> {
	const infos: TableInfo[] = [];
	for (const name of await reader.list()) {
		const snapshot = await reader.snapshot(name);
		if (snapshot !== undefined) infos.push(infoOf(snapshot));
	}
	return infos;
}

export const positionsOf = (snapshot: TableSnapshot): Record<string, number> =>
	Object.fromEntries([...snapshot.positions].sort(([a], [b]) => a - b));

function infoOf(snapshot: TableSnapshot): TableInfo {
	const { name, columns, rows, files } = snapshot;
	return {
		name,
		columns: columns.map((column) => ({
			name: column.name,
			type: column.type,
		})),
		rows,
		files: files.length,
		bytes: files.reduce((sum, file) => sum + file.bytes, 0),
		snapshotId: snapshot.snapshotId?.toString() ?? null,
		committedAt: snapshot.committedAt ?? null,
		positions: positionsOf(snapshot),
		timeMin: bound(
			files.map((file) => file.timeMin),
			Math.min,
		),
		timeMax: bound(
			files.map((file) => file.timeMax),
			Math.max,
		),
	};
}

/** null if one of them is unknown. */
function bound(
	times: readonly (number | undefined)[],
	pick: (a: number, b: number) => number,
): number | null {
	let found: number | null = null;
	for (const time of times) {
		if (time === undefined) return null;
		found = found === null ? time : pick(found, time);
	}
	return found;
}
