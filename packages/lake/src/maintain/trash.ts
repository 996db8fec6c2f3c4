/**
 * Files that the table no longer needs. A file is deleted when no snapshot that is kept names it,
 * and the grace time after that is over. Only files go in that no later snapshot can name: so even
 * an owner that was fenced without knowing it yet deletes nothing that another one needs.
 */
import { removeUri } from "../storage/files.ts";

/** More wait for the next call. */
const MAX_DELETED_PER_CALL = 1_000;

interface Item {
	/** Snapshots before this sequence number name the file. */
	readonly before: bigint;
	/** When the last of those was gone. */
	unneededSince: number | undefined;
}

export class Trash {
	readonly #items = new Map<string, Item>();

	add(uris: Iterable<string>, before: bigint): void {
		for (const uri of uris)
			if (!this.#items.has(uri))
				this.#items.set(uri, { before, unneededSince: undefined });
	}

	/** oldestKept: the least sequence number of the snapshots that are kept. */
	async empty(
		oldestKept: bigint,
		now: number,
		graceMs: number,
	): Promise<number> {
		let deleted = 0;
		for (const [uri, item] of this.#items) {
			if (item.before > oldestKept) continue;
			item.unneededSince ??= now;
			if (now - item.unneededSince < graceMs) continue;
			if (await removeUri(uri)) deleted += 1;
			this.#items.delete(uri);
			if (deleted === MAX_DELETED_PER_CALL) break;
		}
		return deleted;
	}
}
